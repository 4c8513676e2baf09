#include "engine/config/located.hpp"

#include "engine/config/json_text.hpp"
#include "engine/config/printable.hpp"
#include "engine/core/nearest.hpp"

#include <fmt/format.h>

namespace hpogrid::config {
namespace {

std::string because(std::string_view why) {
    return why.empty() ? std::string{} : fmt::format(" ({})", why);
}

std::string subject(const std::string& path) {
    return path.empty() ? std::string{"the whole file"} : fmt::format("key '{}'", path);
}

}  // namespace

std::string Located::path_of(std::string_view key) const {
    constexpr std::size_t longest = 120;
    return (path_.empty() ? "" : path_ + ".") + printable(key, longest);
}

Located Located::member(const std::string& key) const {
    return {value_->at(key), file_, path_of(key)};
}

Located Located::element(std::size_t index) const {
    return {value_->at(index), file_, fmt::format("{}[{}]", path_, index)};
}

InputError Located::refusal(std::string_view why, std::string_view allowed) const {
    return InputError{fmt::format("{}: {} is {}{}, allowed: {}", file_, subject(path_), printable_value(*value_),
                                  because(why), allowed)};
}

InputError Located::missing(std::string_view key, std::string_view allowed) const {
    return InputError{fmt::format("{}: key '{}' is missing, allowed: {}", file_, path_of(key), allowed)};
}

InputError Located::unknown(std::string_view key, std::span<const std::string_view> known) const {
    return InputError{fmt::format("{}: key '{}' is unknown{}, allowed: {}", file_, path_of(key),
                                  did_you_mean(key, known), join_names(known))};
}

InputError Located::problem(std::string_view sentence) const {
    // Others' sentences may hold whatever the user wrote.
    constexpr std::size_t longest = 1000;
    return InputError{fmt::format("{}: {}: {}", file_, subject(path_), printable(sentence, longest))};
}

nlohmann::json decode_text(const Located& value, std::string_view allowed) {
    try {
        return parse_json(value.json().get_ref<const std::string&>());
    } catch (const JsonTextError& error) {
        throw value.refusal(fmt::format("a text that holds no JSON, {}", error.what()), allowed);
    }
}

}  // namespace hpogrid::config
