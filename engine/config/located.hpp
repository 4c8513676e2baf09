#pragma once

#include "engine/core/error.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace hpogrid::config {

/// A JSON value and where it stands: the file, and the path of keys that leads to it ("" = the whole file). Refers to
/// the value, does not own it.
class Located {
  public:
    Located(const nlohmann::json& value, std::string file, std::string path = {})
        : value_{&value}, file_{std::move(file)}, path_{std::move(path)} {}

    [[nodiscard]] const nlohmann::json& json() const noexcept { return *value_; }
    [[nodiscard]] const std::string& file() const noexcept { return file_; }
    [[nodiscard]] const std::string& path() const noexcept { return path_; }

    /// \pre json() is an object with this key
    [[nodiscard]] Located member(const std::string& key) const;
    /// \pre json() is an array with more elements than this
    [[nodiscard]] Located element(std::size_t index) const;
    /// Another value in the same place, such as what a text encodes.
    [[nodiscard]] Located with(const nlohmann::json& value) const { return {value, file_, path_}; }

    /// "file: key 'path' is <value> (why), allowed: …"; `why` may be empty.
    [[nodiscard]] InputError refusal(std::string_view why, std::string_view allowed) const;
    /// "file: key 'path.key' is missing, allowed: …"
    [[nodiscard]] InputError missing(std::string_view key, std::string_view allowed) const;
    /// "file: key 'path.key' is unknown (did you mean 'x'?), allowed: …"
    [[nodiscard]] InputError unknown(std::string_view key, std::span<const std::string_view> known) const;
    /// "file: key 'path': <sentence>"
    [[nodiscard]] InputError problem(std::string_view sentence) const;

  private:
    [[nodiscard]] std::string path_of(std::string_view key) const;

    const nlohmann::json* value_;
    std::string file_;
    std::string path_;
};

/// Calls `read` with the object that stands here; a text that holds JSON, as the seed's command line stores it, is
/// decoded first. Throws InputError if it is no object.
template <class Read>
void with_object(const Located& value, std::string_view allowed, Read read);

/// The JSON in a text. Throws InputError if there is none.
[[nodiscard]] nlohmann::json decode_text(const Located& value, std::string_view allowed);

template <class Read>
void with_object(const Located& value, std::string_view allowed, Read read) {
    const nlohmann::json decoded = value.json().is_string() ? decode_text(value, allowed) : nlohmann::json{};
    const Located object = value.json().is_string() ? value.with(decoded) : value;
    if (!object.json().is_object()) {
        throw value.refusal("", allowed);
    }
    read(object);
}

}  // namespace hpogrid::config
