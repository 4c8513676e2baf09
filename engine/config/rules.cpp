#include "engine/config/rules.hpp"

#include "engine/config/printable.hpp"
#include "engine/core/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hpogrid::config {
namespace {

using nlohmann::json;

constexpr std::size_t longest_name = 256;

std::string quoted(const std::string& text) {
    return json(text).dump();
}

constexpr NameRule metric_name{.may_have_slash = true};

const std::string& text_of(const Located& value, const std::string& allowed) {
    if (!value.json().is_string()) {
        throw value.refusal("", allowed);
    }
    return value.json().get_ref<const std::string&>();
}

std::string trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(' ');
    return begin == std::string_view::npos ? std::string{}
                                           : std::string{text.substr(begin, text.find_last_not_of(' ') - begin + 1)};
}

}  // namespace

std::string TextRule::allowed() const {
    return "a text";
}

std::string TextRule::operator()(const Located& value) const {
    const std::string& text = text_of(value, allowed());
    if (text.empty()) {
        throw value.refusal("empty", allowed());
    }
    if (text.size() > longest) {
        throw value.refusal("too long", fmt::format("{} of at most {} bytes", allowed(), longest));
    }
    if (has_control_characters(text)) {
        throw value.refusal("it has a control character", allowed());
    }
    return text;
}

std::string TextRule::show(const std::string& text) const {
    return text.empty() ? "" : quoted(text);
}

std::string NameRule::allowed() const {
    return may_have_slash ? "a name of 1 to 256 bytes without control characters"
                          : "a name of 1 to 256 bytes without '/' and control characters";
}

std::string NameRule::why_not(std::string_view name) const {
    if (name.empty()) {
        return "empty";
    }
    if (name.size() > longest_name) {
        return "too long";
    }
    if (has_control_characters(name)) {
        return "it has a control character";
    }
    return may_have_slash || name.find('/') == std::string_view::npos ? "" : "it has a '/'";
}

std::string NameRule::operator()(const Located& value) const {
    const std::string& name = text_of(value, allowed());
    if (const std::string why = why_not(name); !why.empty()) {
        throw value.refusal(why, allowed());
    }
    return name;
}

std::string NameRule::show(const std::string& name) const {
    return quoted(name);
}

void NameRule::check_key(const Located& object, std::string_view name) const {
    if (const std::string why = why_not(name); !why.empty()) {
        throw object.problem(
            fmt::format("name '{}' cannot be used ({}), allowed: {}", printable(name, 80), why, allowed()));
    }
}

std::string_view why_no_number(const json& value) {
    if (!value.is_string()) {
        return "";
    }
    const bool number_in_quotes = json::parse(value.get_ref<const std::string&>(), nullptr, false).is_number();
    return number_in_quotes ? "a text, not a number: write it without quotes" : "a text, not a number";
}

std::string IntegerRule::allowed() const {
    const bool bounded_below = lowest != std::numeric_limits<std::int64_t>::min();
    const bool bounded_above = highest != std::numeric_limits<std::int64_t>::max();
    if (bounded_below && bounded_above) {
        return fmt::format("an integer from {} to {}", lowest, highest);
    }
    return bounded_below ? fmt::format("an integer of {} or more", lowest) : "an integer";
}

std::int64_t IntegerRule::operator()(const Located& value) const {
    const json& number = value.json();
    constexpr double two_to_63 = 9223372036854775808.0;
    std::optional<std::int64_t> integer;
    if (number.is_number_unsigned()) {
        const auto magnitude = number.get<std::uint64_t>();
        if (magnitude <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
            integer = static_cast<std::int64_t>(magnitude);
        }
    } else if (number.is_number_integer()) {
        integer = number.get<std::int64_t>();
    } else if (number.is_number_float()) {
        const double real = number.get<double>();
        if (std::trunc(real) == real && std::abs(real) < two_to_63) {
            integer = static_cast<std::int64_t>(real);
        }
    }
    if (!integer || *integer < lowest || *integer > highest) {
        throw value.refusal(why_no_number(number), allowed());
    }
    return *integer;
}

std::string IntegerRule::show(std::int64_t number) const {
    return fmt::format("{}", number);
}

std::string NumberRule::allowed() const {
    const bool bounded_below = lowest != -std::numeric_limits<double>::max();
    const bool bounded_above = highest != std::numeric_limits<double>::max();
    if (bounded_below && bounded_above) {
        return fmt::format("a number from {} to {}", lowest, highest);
    }
    return bounded_below ? fmt::format("a number of {} or more", lowest) : "a number";
}

double NumberRule::operator()(const Located& value) const {
    const json& number = value.json();
    const double real = number.is_number() ? number.get<double>() : std::nan("");
    // Written so that NaN is refused too.
    if (!(std::isfinite(real) && real >= lowest && real <= highest)) {
        throw value.refusal(why_no_number(number), allowed());
    }
    return real;
}

std::string NumberRule::show(double number) const {
    return fmt::format("{}", number);
}

std::string FlagRule::allowed() const {
    return "true, false, 1 or 0";
}

bool FlagRule::operator()(const Located& value) const {
    const json& flag = value.json();
    if (flag.is_boolean()) {
        return flag.get<bool>();
    }
    if (flag.is_number() && (flag == 0 || flag == 1)) {
        return flag == 1;
    }
    throw value.refusal("", allowed());
}

std::string FlagRule::show(bool flag) const {
    return flag ? "true" : "false";
}

std::string VerbosityRule::allowed() const {
    return "true, false or an integer from 0 to 3";
}

int VerbosityRule::operator()(const Located& value) const {
    if (value.json().is_boolean()) {
        return value.json().get<bool>() ? 1 : 0;
    }
    if (!value.json().is_number()) {
        throw value.refusal("", allowed());
    }
    return static_cast<int>(IntegerRule{0, 3}(value));
}

std::string VerbosityRule::show(int level) const {
    return fmt::format("{}", level);
}

std::string ChoiceRule::allowed() const {
    return join_names(names) + std::string{more};
}

std::string ChoiceRule::operator()(const Located& value) const {
    const std::string& name = text_of(value, allowed());
    if (std::ranges::find(names, name) == names.end()) {
        const auto match = nearest(name, names);
        throw value.refusal(match ? fmt::format("did you mean '{}'?", *match) : "", allowed());
    }
    return name;
}

std::string ChoiceRule::show(const std::string& name) const {
    return quoted(name);
}

std::string ObjectRule::allowed() const {
    return "an object {…}";
}

nlohmann::json ObjectRule::operator()(const Located& value) const {
    json result;
    with_object(value, allowed(), [&](const Located& object) { result = object.json(); });
    return result;
}

std::string ObjectRule::show(const nlohmann::json& object) const {
    return object.dump();
}

std::string TextListRule::allowed() const {
    return "a list of texts";
}

std::vector<std::string> TextListRule::operator()(const Located& value) const {
    if (!value.json().is_array()) {
        throw value.refusal("", allowed());
    }
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < value.json().size(); ++i) {
        const Located element = value.element(i);
        const std::string& text = text_of(element, "a text");
        if (text.find('\0') != std::string::npos) {
            throw element.refusal("it has a NUL byte", "a text");
        }
        texts.push_back(text);
    }
    return texts;
}

std::string TextListRule::show(const std::vector<std::string>& texts) const {
    return json(texts).dump();
}

std::string NameListRule::allowed() const {
    return "a list of names, or a text with commas between names";
}

std::vector<std::string> NameListRule::operator()(const Located& value) const {
    std::vector<std::string> names;
    const auto add = [&](const Located& element) {
        std::string name = metric_name(element);
        if (std::ranges::find(names, name) == names.end()) {
            names.push_back(std::move(name));
        }
    };
    if (value.json().is_array()) {
        for (std::size_t i = 0; i < value.json().size(); ++i) {
            add(value.element(i));
        }
        return names;
    }
    const std::string& text = text_of(value, allowed());
    for (std::size_t begin = 0; !text.empty() && begin <= text.size();) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        const json name = trimmed(std::string_view{text}.substr(begin, end - begin));
        add(value.with(name));
        begin = end + 1;
    }
    return names;
}

std::string NameListRule::show(const std::vector<std::string>& names) const {
    return json(names).dump();
}

std::string LimitsRule::allowed() const {
    return "an object {\"<metric>\": <number>, …}";
}

std::vector<std::pair<std::string, double>> LimitsRule::operator()(const Located& value) const {
    std::vector<std::pair<std::string, double>> limits;
    with_object(value, allowed(), [&](const Located& object) {
        for (const auto& [name, limit] : object.json().items()) {
            metric_name.check_key(object, name);
            limits.emplace_back(name, NumberRule{}(object.member(name)));
        }
    });
    return limits;
}

std::string LimitsRule::show(const std::vector<std::pair<std::string, double>>& limits) const {
    json object = json::object();
    for (const auto& [name, limit] : limits) {
        const bool whole = std::trunc(limit) == limit && std::abs(limit) < 1e15;
        object[name] = whole ? json(static_cast<std::int64_t>(limit)) : json(limit);
    }
    return object.dump();
}

std::string AnyRule::allowed() const {
    return "any value";
}

nlohmann::json AnyRule::operator()(const Located& value) const {
    return value.json();
}

std::string AnyRule::show(const nlohmann::json& value) const {
    return value.dump();
}

std::string ListRule::allowed() const {
    return fmt::format("a list of 1 to {} values", most);
}

std::vector<nlohmann::json> ListRule::operator()(const Located& value) const {
    if (!value.json().is_array() || value.json().empty() || value.json().size() > most) {
        throw value.refusal("", allowed());
    }
    return value.json().get<std::vector<json>>();
}

std::string ListRule::show(const std::vector<nlohmann::json>& values) const {
    return json(values).dump();
}

}  // namespace hpogrid::config
