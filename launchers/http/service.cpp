#include "launchers/http/service.hpp"

#include "engine/config/printable.hpp"
#include "engine/core/environment.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <memory>

namespace hpogrid::launchers {

Service service_from_environment(std::string name, const char* variable, const char* standard) {
    std::string url = environment_variable(variable, standard);
    while (url.ends_with('/')) {
        url.pop_back();
    }
    return {std::move(name), variable, std::move(url)};
}

std::string url_with(const std::string& address, std::span<const Parameters::value_type> parameters) {
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url{curl_url(), &curl_url_cleanup};
    if (!url || curl_url_set(url.get(), CURLUPART_URL, address.c_str(), 0) != CURLUE_OK) {
        throw ServiceError{
            fmt::format("'{}' is no address of a server, allowed: https://…", config::printable(address))};
    }
    for (const auto& [name, value] : parameters) {
        const std::string part = name + "=" + value;
        curl_url_set(url.get(), CURLUPART_QUERY, part.c_str(), CURLU_APPENDQUERY | CURLU_URLENCODE);
    }
    char* text = nullptr;
    curl_url_get(url.get(), CURLUPART_URL, &text, 0);
    const std::unique_ptr<char, decltype(&curl_free)> owned{text, &curl_free};
    return text == nullptr ? address : std::string{text};
}

}  // namespace hpogrid::launchers
