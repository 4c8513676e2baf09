#pragma once

#include <filesystem>
#include <string>

namespace hpogrid::launchers {

/// What proves who asks. Servers that ask for no proof are shown none.
struct Credentials {
    std::filesystem::path proxy{};       ///< certificate and key in one PEM file; empty = none
    std::string token{};                 ///< of OpenID Connect; empty = none
    std::string virtual_organisation{};  ///< that the token belongs to
};

/// The grid's own: the proxy, or the token that $PANDA_AUTH=oidc stands for, as the PanDA client takes them
/// ($PANDA_AUTH_ID_TOKEN, $OIDC_AUTH_ID_TOKEN or the file $OIDC_AUTH_TOKEN_FILE; $PANDA_AUTH_VO).
[[nodiscard]] Credentials credentials_from_environment();

/// Where a proxy lies, if there is one: $X509_USER_PROXY or /tmp/x509up_u<uid>.
[[nodiscard]] std::filesystem::path proxy_place();

}  // namespace hpogrid::launchers
