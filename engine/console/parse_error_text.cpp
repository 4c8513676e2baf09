#include "engine/console/parse_error_text.hpp"

#include "engine/config/printable.hpp"

#include <algorithm>

namespace hpogrid::console {
namespace {

/// "--trials: 1 required N missing", "--trials: At Most 1 required but received 2"
std::string plain_mismatch(const std::string& text) {
    const std::string option = text.substr(0, text.find(':'));
    const bool missing = text.ends_with("missing");
    return option + (missing ? ": its value is missing" : ": is given more than once, allowed: once");
}

/// "Could not convert: --all = maybe": only flags have values that no check of ours has seen before.
std::string plain_conversion(const std::string& text) {
    const std::size_t begin = std::min(text.find("--"), text.size());
    return text.substr(begin, text.find(' ', begin) - begin) + ": takes no value, allowed: it, or without it";
}

std::string plain(const CLI::ParseError& error) {
    const std::string text = error.what();
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
        return plain_mismatch(text);
    }
    return dynamic_cast<const CLI::ConversionError*>(&error) != nullptr ? plain_conversion(text) : text;
}

}  // namespace

std::string parse_error_text(const CLI::ParseError& error) {
    constexpr std::size_t longest = 1000;
    std::string text = plain(error);
    std::ranges::replace(text, '\n', ' ');
    return config::printable(text, longest);
}

}  // namespace hpogrid::console
