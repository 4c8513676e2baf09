#include "engine/core/find_program.hpp"

#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace hpogrid {
namespace {

class FindProgramTest : public testing::Test {
  protected:
    FindProgramTest() : earlier_{std::getenv("PATH")} {}
    ~FindProgramTest() override { ::setenv("PATH", earlier_.c_str(), 1); }

    std::string earlier_;
    tests::TemporaryFolder folder_;
};

TEST_F(FindProgramTest, AnswersTheFirstExecutableOfThePath) {
    folder_.write("first/tool", "no program");
    std::filesystem::create_directories(folder_.path() / "second/tool");
    const auto tool = folder_.write_program("third/tool", "#!/bin/sh\n");
    folder_.write_program("fourth/tool", "#!/bin/sh\n");
    const std::string path = folder_.path().string();
    ::setenv("PATH",
             (path + "/none:" + path + "/first:" + path + "/second:" + path + "/third:" + path + "/fourth").c_str(), 1);
    EXPECT_EQ(find_program("tool"), tool);
    EXPECT_TRUE(find_program("no-such-tool").empty());
}

TEST_F(FindProgramTest, TakesAPathAsItIs) {
    EXPECT_EQ(find_program("/bin/sh"), "/bin/sh");
    EXPECT_TRUE(find_program("/bin").empty()) << "a folder";
    EXPECT_TRUE(find_program("/etc/passwd").empty()) << "not executable";
}

TEST_F(FindProgramTest, AnswersAnAbsolutePath) {
    const auto tool = folder_.write_program("tool", "#!/bin/sh\n");
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(folder_.path());
    ::setenv("PATH", "", 1);
    EXPECT_TRUE(find_program("sh").is_absolute());
    ::setenv("PATH", "/none:.", 1);
    EXPECT_EQ(find_program("tool").lexically_normal(), tool);
    EXPECT_EQ(find_program("./tool").lexically_normal(), tool);
    std::filesystem::current_path(before);
}

}  // namespace
}  // namespace hpogrid
