#include "launchers/configurations/store.hpp"

#include "engine/config/json_text.hpp"
#include "engine/config/printable.hpp"
#include "engine/config/text_file.hpp"
#include "engine/core/error.hpp"
#include "engine/results/file.hpp"
#include "launchers/core/folders.hpp"
#include "launchers/core/name.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <span>
#include <system_error>

namespace hpogrid::launchers {
namespace fs = std::filesystem;
using config::printable_path;

std::string file_text(const nlohmann::json& value) {
    return value.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

fs::path Store::path(const std::string& name) const {
    check_name(kind_->what, name);
    return folder_ / (name + ".json");
}

std::vector<std::string> Store::list(const std::string& pattern) const {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator entry{folder_, error}, end; !error && entry != end; entry.increment(error)) {
        const fs::path& file = entry->path();
        if (file.extension() == ".json" && ::fnmatch(pattern.c_str(), file.stem().c_str(), FNM_PERIOD) == 0) {
            names.push_back(file.stem().string());
        }
    }
    std::ranges::sort(names);
    return names;
}

void Store::check_exists(const std::string& name) const {
    if (!is_there(path(name))) {
        throw InputError{fmt::format("{} '{}' does not exist in {}{}, allowed: a name from hpogrid {} list",
                                     kind_->what, name, printable_path(folder_),
                                     config::nearest_entry(folder_, name + ".json"), kind_->command)};
    }
}

nlohmann::json Store::read(const std::string& name) const {
    check_exists(name);
    nlohmann::json configuration = config::read_json_file(path(name));
    kind_->check(config::Located{configuration, printable_path(path(name))});
    return configuration;
}

void Store::write(const std::string& name, const nlohmann::json& configuration) const {
    kind_->check(config::Located{configuration, printable_path(path(name))});
    make_folder(folder_);
    const std::string text = file_text(configuration);
    results::replace_file(path(name), std::as_bytes(std::span{text}));
}

void Store::create(const std::string& name, const nlohmann::json& configuration) const {
    if (is_there(path(name))) {
        throw InputError{
            fmt::format("{}: exists already, allowed: another name, or recreate or update instead of create",
                        printable_path(path(name)))};
    }
    write(name, configuration);
}

fs::path Store::recreate(const std::string& name, const nlohmann::json& configuration) const {
    check_exists(name);
    // Before the old one goes.
    kind_->check(config::Located{configuration, printable_path(path(name))});
    fs::path backup = move_to_backup(path(name));
    write(name, configuration);
    return backup;
}

void Store::update(const std::string& name, const nlohmann::json& configuration) const {
    check_exists(name);
    write(name, configuration);
}

fs::path Store::remove(const std::string& name) const {
    check_exists(name);
    return move_to_backup(path(name));
}

}  // namespace hpogrid::launchers
