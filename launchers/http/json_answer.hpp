#pragma once

#include "launchers/http/http_get.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace hpogrid::launchers {

/// JSON as Python writes it: where it says NaN or Infinity, which no JSON has, null takes their place.
[[nodiscard]] std::string without_python_numbers(std::string_view text);

/// What the service answers, as JSON. Throws ServiceError where it is none: a page that asks for a login, for example.
[[nodiscard]] nlohmann::json json_get(const Service& service, const HttpRequest& request);

}  // namespace hpogrid::launchers
