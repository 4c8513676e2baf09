#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace hpogrid::launchers {

/// A server cannot be reached, or does not answer what it should. One sentence; programs exit 1.
class ServiceError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A server on the web.
struct Service {
    std::string name;      ///< as people call it: "BigPanDA"
    std::string variable;  ///< of the environment, which names another address
    std::string url;       ///< without the last '/'
};

/// The service at `standard`, or where the environment variable says.
[[nodiscard]] Service service_from_environment(std::string name, const char* variable, const char* standard);

/// (name, value) of each parameter of a question.
using Parameters = std::vector<std::pair<std::string, std::string>>;

/// `address?name=value&…`, encoded as RFC 3986 asks. Throws ServiceError where `address` is no address.
[[nodiscard]] std::string url_with(const std::string& address, std::span<const Parameters::value_type> parameters);

}  // namespace hpogrid::launchers
