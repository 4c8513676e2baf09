#include "launchers/http/credentials.hpp"

#include "engine/core/environment.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <system_error>

namespace hpogrid::launchers {
namespace fs = std::filesystem;
namespace {

std::string token_from_environment() {
    for (const char* name : {"PANDA_AUTH_ID_TOKEN", "OIDC_AUTH_ID_TOKEN"}) {
        if (std::string token = environment_variable(name); !token.empty()) {
            return token;
        }
    }
    std::ifstream file{environment_variable("OIDC_AUTH_TOKEN_FILE")};
    std::string token{std::istreambuf_iterator<char>{file}, {}};
    token.erase(token.find_last_not_of(" \n\r\t") + 1);
    return token;
}

}  // namespace

fs::path proxy_place() {
    return environment_variable("X509_USER_PROXY", fmt::format("/tmp/x509up_u{}", ::getuid()));
}

Credentials credentials_from_environment() {
    if (environment_variable("PANDA_AUTH") == "oidc") {
        return {.token = token_from_environment(), .virtual_organisation = environment_variable("PANDA_AUTH_VO")};
    }
    std::error_code error;
    const fs::path proxy = proxy_place();
    return {.proxy = fs::is_regular_file(proxy, error) ? proxy : fs::path{}};
}

}  // namespace hpogrid::launchers
