#include "launchers/http/json_answer.hpp"

#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>

namespace hpogrid::launchers {
namespace {

TEST(Service, IsWhereTheEnvironmentSays) {
    ::unsetenv("HPOGRID_TEST_URL");
    EXPECT_EQ(service_from_environment("S", "HPOGRID_TEST_URL", "https://standard").url, "https://standard");
    ::setenv("HPOGRID_TEST_URL", "http://other:1/path//", 1);
    EXPECT_EQ(service_from_environment("S", "HPOGRID_TEST_URL", "https://standard").url, "http://other:1/path");
}

TEST(Service, EncodesParametersSoThatTheyStayOneValue) {
    const Parameters parameters{{"name", "user.x&days=1"}, {"ids", "1|2"}, {"text", "a b#c%\n"}};
    EXPECT_EQ(url_with("https://server/tasks/", parameters),
              "https://server/tasks/?name=user.x%26days%3d1&ids=1%7c2&text=a+b%23c%25%0a");
    EXPECT_EQ(url_with("https://server/?json", Parameters{{"a", "b"}}), "https://server/?json&a=b");
    EXPECT_THROW(static_cast<void>(url_with("no address", parameters)), ServiceError);
}

TEST(Credentials, AreThoseOfThePandaClient) {
    tests::TemporaryFolder folder;
    const auto proxy = folder.path() / "proxy";
    const auto token = folder.path() / "token";
    std::ofstream{proxy} << "certificate";
    std::ofstream{token} << "from a file\n";
    ::setenv("X509_USER_PROXY", proxy.c_str(), 1);
    ::unsetenv("PANDA_AUTH");
    EXPECT_EQ(credentials_from_environment().proxy, proxy);
    ::setenv("X509_USER_PROXY", (folder.path() / "none").c_str(), 1);
    EXPECT_TRUE(credentials_from_environment().proxy.empty());
    ::setenv("PANDA_AUTH", "oidc", 1);
    ::setenv("PANDA_AUTH_VO", "atlas", 1);
    ::unsetenv("PANDA_AUTH_ID_TOKEN");
    ::unsetenv("OIDC_AUTH_ID_TOKEN");
    ::setenv("OIDC_AUTH_TOKEN_FILE", token.c_str(), 1);
    EXPECT_EQ(credentials_from_environment().token, "from a file");
    ::setenv("PANDA_AUTH_ID_TOKEN", "first", 1);
    EXPECT_EQ(credentials_from_environment().token, "first");
    EXPECT_EQ(credentials_from_environment().virtual_organisation, "atlas");
}

TEST(JsonAnswer, TakesWhatPythonWritesForNumbersThatJsonHasNot) {
    EXPECT_EQ(without_python_numbers(R"({"a": NaN, "b": [-Infinity, Infinity], "NaN": "Infinity \" NaN", "c\\": NaN})"),
              R"({"a": null, "b": [null, null], "NaN": "Infinity \" NaN", "c\\": null})");
    EXPECT_EQ(without_python_numbers("\"unfinished \\"), "\"unfinished \\");
}

}  // namespace
}  // namespace hpogrid::launchers
