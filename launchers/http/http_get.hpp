#pragma once

#include "launchers/http/credentials.hpp"
#include "launchers/http/service.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace hpogrid::launchers {

/// When to give up.
struct Patience {
    std::chrono::seconds connecting{20};
    std::chrono::seconds silence{120};                ///< without a byte
    std::size_t most_bytes{std::size_t{512} << 20U};  ///< of an answer
};

/// One question: `<service><path>?<parameters>`.
struct HttpRequest {
    std::string path;  ///< begins with '/', or is empty
    Parameters parameters{};
    Credentials credentials{};
    Patience patience{};
};

/// What the service answers, after redirections, proxies of the environment ($https_proxy, $no_proxy) heeded. Trusted
/// are the system's authorities and those of the grid, in $X509_CERT_DIR or /etc/grid-security/certificates.
/// Throws ServiceError.
[[nodiscard]] std::string http_get(const Service& service, const HttpRequest& request);

}  // namespace hpogrid::launchers
