#pragma once

#include "engine/config/located.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hpogrid::config {

// A rule says what a key's value may be. It reads the value, or throws InputError with its own description of what is
// allowed, which the reference page shows as the key's type. `show` writes a value as it would stand in the file.

/// A text without control characters, of 1 to `longest` bytes.
struct TextRule {
    std::size_t longest{4096};
    [[nodiscard]] std::string allowed() const;
    [[nodiscard]] std::string operator()(const Located& value) const;
    [[nodiscard]] std::string show(const std::string& text) const;
};

/// A name of at most 256 bytes. Those of hyperparameters and projects become part of paths and placeholders and have no
/// '/'; those of metrics may: val/loss.
struct NameRule {
    bool may_have_slash{false};
    [[nodiscard]] std::string allowed() const;
    [[nodiscard]] std::string operator()(const Located& value) const;
    [[nodiscard]] std::string show(const std::string& name) const;
    /// The same for a name that is a key of `object`.
    void check_key(const Located& object, std::string_view name) const;

  private:
    [[nodiscard]] std::string why_not(std::string_view name) const;
};

/// Why a value that should be a number is none, "" where there is nothing to add.
[[nodiscard]] std::string_view why_no_number(const nlohmann::json& value);

/// A whole number; 3.0 counts as one.
struct IntegerRule {
    std::int64_t lowest{std::numeric_limits<std::int64_t>::min()};
    std::int64_t highest{std::numeric_limits<std::int64_t>::max()};
    [[nodiscard]] std::string allowed() const;
    [[nodiscard]] std::int64_t operator()(const Located& value) const;
    [[nodiscard]] std::string show(std::int64_t number) const;
};

/// A finite number.
struct NumberRule {
    double lowest{-std::numeric_limits<double>::max()};
    double highest{std::numeric_limits<double>::max()};
    [[nodiscard]] std::string allowed() const;
    [[nodiscard]] double operator()(const Located& value) const;
    [[nodiscard]] std::string show(double number) const;
};

/// true, false, 1 or 0.
struct FlagRule {
    [[nodiscard]] std::string allowed() const;
    [[nodiscard]] bool operator()(const Located& value) const;
    [[nodiscard]] std::string show(bool flag) const;
};

/// true, false, or a level from 0 to 3.
struct VerbosityRule {
    [[nodiscard]] std::string allowed() const;
    [[nodiscard]] int operator()(const Located& value) const;
    [[nodiscard]] std::string show(int level) const;
};

/// One of these names.
struct ChoiceRule {
    std::vector<std::string_view> names;
    /// What else the caller allows, ", null" for example.
    std::string_view more{};
    [[nodiscard]] std::string allowed() const;
    [[nodiscard]] std::string operator()(const Located& value) const;
    [[nodiscard]] std::string show(const std::string& name) const;
};

/// One of these names, each standing for a value of an enumeration.
template <class Enumeration>
struct EnumerationRule {
    std::vector<std::pair<std::string_view, Enumeration>> choices;

    [[nodiscard]] std::string allowed() const { return names().allowed(); }
    [[nodiscard]] Enumeration operator()(const Located& value) const {
        const std::string name = names()(value);
        for (const auto& [candidate, meaning] : choices) {
            if (candidate == name) {
                return meaning;
            }
        }
        throw value.refusal("", allowed());
    }
    [[nodiscard]] std::string show(Enumeration meaning) const {
        for (const auto& [candidate, candidate_meaning] : choices) {
            if (candidate_meaning == meaning) {
                return names().show(std::string{candidate});
            }
        }
        return {};
    }

  private:
    [[nodiscard]] ChoiceRule names() const {
        ChoiceRule rule;
        for (const auto& choice : choices) {
            rule.names.push_back(choice.first);
        }
        return rule;
    }
};

/// An object with keys of the user's own, or a text that holds one.
struct ObjectRule {
    [[nodiscard]] std::string allowed() const;
    [[nodiscard]] nlohmann::json operator()(const Located& value) const;
    [[nodiscard]] std::string show(const nlohmann::json& object) const;
};

/// A list of texts, which may be empty.
struct TextListRule {
    [[nodiscard]] std::string allowed() const;
    [[nodiscard]] std::vector<std::string> operator()(const Located& value) const;
    [[nodiscard]] std::string show(const std::vector<std::string>& texts) const;
};

/// A list of names, or one text with commas between them. Of equal names, the first counts.
struct NameListRule {
    [[nodiscard]] std::string allowed() const;
    [[nodiscard]] std::vector<std::string> operator()(const Located& value) const;
    [[nodiscard]] std::string show(const std::vector<std::string>& names) const;
};

/// {metric: number}, or a text that holds it.
struct LimitsRule {
    [[nodiscard]] std::string allowed() const;
    [[nodiscard]] std::vector<std::pair<std::string, double>> operator()(const Located& value) const;
    [[nodiscard]] std::string show(const std::vector<std::pair<std::string, double>>& limits) const;
};

/// Any JSON value.
struct AnyRule {
    [[nodiscard]] std::string allowed() const;
    [[nodiscard]] nlohmann::json operator()(const Located& value) const;
    [[nodiscard]] std::string show(const nlohmann::json& value) const;
};

/// A list of any JSON values, not empty and not too long to be compared with each other.
struct ListRule {
    static constexpr std::size_t most{10'000};
    [[nodiscard]] std::string allowed() const;
    [[nodiscard]] std::vector<nlohmann::json> operator()(const Located& value) const;
    [[nodiscard]] std::string show(const std::vector<nlohmann::json>& values) const;
};

/// What another rule allows; null and the absent key mean nothing.
template <class Rule, class Value>
struct OptionalRule {
    Rule rule;
    [[nodiscard]] std::string allowed() const { return rule.allowed(); }
    [[nodiscard]] std::optional<Value> operator()(const Located& value) const {
        return static_cast<Value>(rule(value));
    }
    [[nodiscard]] std::string show(const std::optional<Value>& value) const {
        return value ? rule.show(static_cast<decltype(rule(std::declval<Located>()))>(*value)) : "";
    }
};

}  // namespace hpogrid::config
