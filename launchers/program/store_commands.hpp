#pragma once

#include "launchers/program/command_tree.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace hpogrid::launchers {

/// Things with names, as the commands that do the same for each of them see them.
struct Shelf {
    std::string command;   ///< "hpo_config"
    std::string what;      ///< "search space"
    std::string what_all;  ///< "search spaces"
    std::function<std::vector<std::string>(const std::string& pattern)> list;
    std::function<nlohmann::json(const std::string& name)> read;
    std::function<std::string(const nlohmann::json& value)> show;
    std::function<std::filesystem::path(const std::string& name)> remove;  ///< answers the backup
    std::function<void(const std::string& from, const std::string& to)> copy;
    std::function<std::filesystem::path(const std::string& name)> path;
};

/// {list,show,remove,copy,export,where} below `group`.
void add_store_commands(CommandTree& tree, CLI::App& group, const Shelf& shelf);

}  // namespace hpogrid::launchers
