#include "engine/console/option_values.hpp"

#include "engine/core/nearest.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <optional>
#include <string_view>
#include <system_error>

namespace hpogrid::console {
namespace {

/// The number that the whole text is.
template <class Number>
std::optional<Number> number_in(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole ? std::optional{value} : std::nullopt;
}

/// `allowed`: the words for what `accepts` takes.
template <class Number>
CLI::Validator numbers(std::function<bool(Number)> accepts, std::string allowed) {
    const auto check = [accepts = std::move(accepts), allowed = std::move(allowed)](const std::string& text) {
        const auto value = number_in<Number>(text);
        return value && accepts(*value) ? "" : fmt::format("'{}' is not allowed, allowed: {}", text, allowed);
    };
    return {check, ""};
}

}  // namespace

CLI::Validator whole_number(std::uint64_t low, std::uint64_t high) {
    return numbers<std::uint64_t>([=](std::uint64_t value) { return value >= low && value <= high; },
                                  fmt::format("an integer from {} to {}", low, high));
}

CLI::Validator number() {
    return numbers<double>([](double value) { return std::isfinite(value); }, "a number");
}

CLI::Validator number(double low, double high) {
    return numbers<double>([=](double value) { return value >= low && value <= high; },
                           fmt::format("a number from {} to {}", low, high));
}

CLI::Validator positive_seconds() {
    return numbers<double>([](double value) { return std::isfinite(value) && value > 0; },
                           "a number of seconds above 0");
}

CLI::Validator one_of(std::vector<std::string> words) {
    const auto check = [words = std::move(words)](const std::string& text) {
        const std::vector<std::string_view> allowed{words.begin(), words.end()};
        return std::ranges::find(words, text) != words.end()
                   ? ""
                   : fmt::format("'{}' is not allowed{}, allowed: {}", text, did_you_mean(text, allowed),
                                 join_names(allowed));
    };
    return {check, ""};
}

}  // namespace hpogrid::console
