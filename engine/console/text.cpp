#include "engine/console/text.hpp"

#include "engine/config/printable.hpp"
#include "engine/study/study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace hpogrid::console {
namespace {

bool is_continuation(char byte) noexcept {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// Names and texts come from the user's files: none of them shall steer the terminal.
constexpr std::size_t longest_text = 200;

}  // namespace

std::string duration(double seconds) {
    if (!std::isfinite(seconds)) {
        return "unknown";
    }
    const auto whole = static_cast<long>(std::max(0.0, seconds) + 0.5);
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

std::size_t columns(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return !is_continuation(c); }));
}

std::size_t rows(std::span<const std::string> lines, std::size_t width) {
    std::size_t count = 0;
    for (const std::string& line : lines) {
        count += std::max<std::size_t>(1, (columns(line) + width - 1) / width);
    }
    return count;
}

std::string fit(const std::string& text, std::size_t width) {
    if (columns(text) <= width || width == 0) {
        return width == 0 ? std::string{} : text;
    }
    std::size_t end = 0;
    for (std::size_t column = 0; end < text.size(); ++end) {
        if (!is_continuation(text[end]) && column++ == width - 1) {
            break;
        }
    }
    return text.substr(0, end) + "…";
}

std::string bar(double share, std::size_t width) {
    std::string text;
    const auto full = static_cast<std::size_t>(share * static_cast<double>(width));
    for (std::size_t column = 0; column < width; ++column) {
        text += column < full ? "█" : "░";
    }
    return text;
}

std::string counts_text(const study::Counts& counts) {
    std::string text;
    const auto add = [&](std::size_t count, const char* what) {
        if (count > 0) {
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, what);
        }
    };
    add(counts.running, "running");
    add(counts.paused, "paused");
    add(counts.stopped, "stopped early");
    add(counts.failed, "failed");
    add(counts.timeout, "timed out");
    add(counts.oom, "out of memory");
    add(counts.lost, "lost");
    add(counts.cancelled, "cancelled");
    return text.empty() ? "" : " (" + text + ")";
}

std::string value_text(const nlohmann::json& value) {
    if (value.is_number_float()) {
        return fmt::format("{:.6g}", value.get<double>());
    }
    return config::printable(value.is_string() ? value.get<std::string>() : value.dump(), longest_text);
}

std::string configuration_text(const nlohmann::json& configuration) {
    std::string text;
    for (const auto& [name, value] : configuration.items()) {
        text +=
            fmt::format("{}{}={}", text.empty() ? "" : "  ", config::printable(name, longest_text), value_text(value));
    }
    return text;
}

}  // namespace hpogrid::console
