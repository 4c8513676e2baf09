#pragma once

#include "launchers/configurations/kind.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace hpogrid::launchers {

/// The configurations of one kind: `<folder>/<name>.json`. Files come to be whole or not at all; what is replaced or
/// removed lies in `<folder>/backup` afterwards. Everything throws InputError for what the user can mend, OutputError
/// for what cannot be written.
class Store {
  public:
    /// `kind` outlives this.
    Store(std::filesystem::path folder, const Kind& kind) : folder_{std::move(folder)}, kind_{&kind} {}

    [[nodiscard]] std::filesystem::path path(const std::string& name) const;
    /// Names that match a pattern of the shell's form ("*" = all), sorted.
    [[nodiscard]] std::vector<std::string> list(const std::string& pattern = "*") const;
    /// A configuration, checked.
    [[nodiscard]] nlohmann::json read(const std::string& name) const;
    /// Fails where there is one of this name.
    void create(const std::string& name, const nlohmann::json& configuration) const;
    /// Replaces an existing one, whose backup is answered.
    [[nodiscard]] std::filesystem::path recreate(const std::string& name, const nlohmann::json& configuration) const;
    /// Replaces an existing one without a backup: most of it is still there.
    void update(const std::string& name, const nlohmann::json& configuration) const;
    /// Answers the backup.
    [[nodiscard]] std::filesystem::path remove(const std::string& name) const;

  private:
    void check_exists(const std::string& name) const;
    void write(const std::string& name, const nlohmann::json& configuration) const;

    std::filesystem::path folder_;
    const Kind* kind_;
};

/// Text of a JSON file as people like to read it.
[[nodiscard]] std::string file_text(const nlohmann::json& value);

}  // namespace hpogrid::launchers
