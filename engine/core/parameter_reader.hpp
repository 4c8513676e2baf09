#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hpogrid {

/// Reads `algorithm_param` or `scheduler_param` with defaults and ranges, and refuses what nobody asked for.
/// All functions throw InputError: "scheduler_param key 'x' of 'pbt' is <value>, allowed: …".
class ParameterReader {
  public:
    /// `section`: key of the configuration; `owner`: the algorithm or scheduler; `document`: a JSON object or null. All
    /// must outlive this.
    ParameterReader(std::string_view section, std::string_view owner, const nlohmann::json& document);

    /// A number, at least `low` (more than it, if `open`).
    [[nodiscard]] double number(std::string_view key, double standard, double low, bool open = false);
    /// A number from `low` to `high`, both included.
    [[nodiscard]] double number_between(std::string_view key, double standard, double low, double high);
    [[nodiscard]] std::size_t count(std::string_view key, std::size_t standard, std::size_t low);
    [[nodiscard]] bool flag(std::string_view key, bool standard);
    [[nodiscard]] std::string text(std::string_view key, std::string_view standard);
    /// One of `allowed`, which outlives the call only.
    [[nodiscard]] std::string choice(std::string_view key, std::string_view standard,
                                     std::span<const std::string_view> allowed);
    /// A list of at least one number, each above `low`.
    [[nodiscard]] std::vector<double> numbers(std::string_view key, std::vector<double> standard, double low);
    /// An object with parameters of its own, for a reader of its own; nothing if absent.
    [[nodiscard]] const nlohmann::json* object(std::string_view key);
    /// Taken note of elsewhere: allowed here.
    void allow(std::string_view key) { known_.push_back(key); }

    /// Refuses unknown keys. Call it last.
    void finish() const;

  private:
    const nlohmann::json* find(std::string_view key);
    [[noreturn]] void refuse(std::string_view key, const nlohmann::json& value, std::string_view allowed) const;

    std::string_view section_;
    std::string_view owner_;
    const nlohmann::json& document_;
    std::vector<std::string_view> known_;
};

}  // namespace hpogrid
