#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hpogrid::config {

/// Follows the parser through a text and throws JsonTextError at what a configuration may not be: the parser itself
/// keeps the last of two equal keys silently, and says in its own words what it did not expect.
class JsonChecker : public nlohmann::json_sax<nlohmann::json> {
  public:
    explicit JsonChecker(std::string_view text) : text_{text} {}

    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool start_object(std::size_t) override;
    bool key(string_t& name) override;
    bool end_object() override;
    bool start_array(std::size_t) override;
    bool end_array() override;
    bool parse_error(std::size_t position, const std::string& last_token,
                     const nlohmann::json::exception& error) override;

  private:
    struct Level {
        std::set<std::string> keys;
        std::string current_key;
    };
    void enter();

    std::string_view text_;
    std::vector<Level> levels_;
};

}  // namespace hpogrid::config
