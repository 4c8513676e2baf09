#include "launchers/http/http_get.hpp"

#include "engine/config/printable.hpp"
#include "engine/core/environment.hpp"
#include "engine/core/version.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <memory>
#include <system_error>

namespace hpogrid::launchers {
namespace fs = std::filesystem;
namespace {

/// An answer as it comes in.
struct Body {
    std::string text;
    std::size_t most_bytes;
    bool too_long{false};
};

std::size_t receive(char* data, std::size_t size, std::size_t count, void* user) {
    Body& body = *static_cast<Body*>(user);
    body.too_long = body.text.size() + size * count > body.most_bytes;
    if (body.too_long) {
        return 0;
    }
    body.text.append(data, size * count);
    return size * count;
}

using Curl = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using Headers = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

Curl new_curl() {
    static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    Curl curl{initialised == CURLE_OK ? curl_easy_init() : nullptr, &curl_easy_cleanup};
    if (!curl) {
        throw ServiceError{"libcurl cannot be started"};
    }
    return curl;
}

void add(Headers& headers, const std::string& line) {
    headers.reset(curl_slist_append(headers.release(), line.c_str()));
}

Headers headers_of(const Credentials& credentials) {
    Headers headers{nullptr, &curl_slist_free_all};
    add(headers, "Accept: application/json");
    if (!credentials.token.empty()) {
        add(headers, "Authorization: Bearer " + credentials.token);
        add(headers, "Origin: " + credentials.virtual_organisation);
    }
    return headers;
}

void show(CURL* curl, const Credentials& credentials) {
    if (!credentials.proxy.empty()) {
        curl_easy_setopt(curl, CURLOPT_SSLCERT, credentials.proxy.c_str());
        curl_easy_setopt(curl, CURLOPT_SSLKEY, credentials.proxy.c_str());
    }
}

void trust_the_grid(CURL* curl) {
    const std::string folder = environment_variable("X509_CERT_DIR", "/etc/grid-security/certificates");
    std::error_code error;
    if (fs::is_directory(folder, error)) {
        curl_easy_setopt(curl, CURLOPT_CAPATH, folder.c_str());
    }
}

void set_limits(CURL* curl, const Patience& patience) {
    constexpr long most_redirections = 5;
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(curl, CURLOPT_MAXREDIRS, most_redirections);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, static_cast<long>(patience.connecting.count()));
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, static_cast<long>(patience.silence.count()));
}

/// "BigPanDA (https://…) <what is wrong>; HPOGRID_BIGPANDA_URL names another address"
ServiceError wrong(const Service& service, const std::string& what) {
    return ServiceError{fmt::format("{} ({}) {}; {} names another address", service.name,
                                    config::printable(service.url), what, service.variable)};
}

}  // namespace

std::string http_get(const Service& service, const HttpRequest& request) {
    const std::string url = url_with(service.url + request.path, request.parameters);
    const Curl curl = new_curl();
    const Headers headers = headers_of(request.credentials);
    Body body{.text = {}, .most_bytes = request.patience.most_bytes};
    std::array<char, CURL_ERROR_SIZE> reason{};
    const std::string agent = fmt::format("hpogrid/{}", version);
    curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl.get(), CURLOPT_USERAGENT, agent.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, reason.data());
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &receive);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &body);
    set_limits(curl.get(), request.patience);
    trust_the_grid(curl.get());
    show(curl.get(), request.credentials);
    const CURLcode result = curl_easy_perform(curl.get());
    if (body.too_long) {
        throw wrong(service, fmt::format("answers more than {} bytes", body.most_bytes));
    }
    if (result != CURLE_OK) {
        const std::string why = reason.front() != '\0' ? reason.data() : curl_easy_strerror(result);
        throw wrong(service, fmt::format("cannot be reached ({})", config::printable(why)));
    }
    long status = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    constexpr long first_error = 400;
    if (status >= first_error) {
        throw wrong(service, fmt::format("answers with status {}", status));
    }
    return body.text;
}

}  // namespace hpogrid::launchers
