#include "launchers/panda/prun_command.hpp"

#include "engine/config/printable.hpp"
#include "engine/core/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace hpogrid::launchers {
namespace {

using nlohmann::json;

/// Options in the order of their names, each with a value, true, or a list of values.
using Options = json;

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) {
        text += (text.empty() ? "" : ",") + word;
    }
    return text;
}

Options standard_options(const PandaTask& task) {
    Options options = {
        {"outDS", task.out_dataset},
        {"outputs", "results.h5"},
        {"containerImage", task.grid.container},
        // Without it an image leaves the sandbox, and so the job script, behind.
        {"useSandbox", true},
        {"architecture", "#&nvidia"},
        {"nJobs", task.jobs},
        {"dumpJson", task.submission_file.string()},
    };
    const bool numbered_by_panda = task.jobs > 1;
    options["exec"] = numbered_by_panda ? fmt::format("sh hpogrid/grid-job %RNDM:{}", task.first_number)
                                        : fmt::format("sh hpogrid/grid-job {}", task.first_number);
    if (!task.grid.sites.empty()) {
        options["site"] = joined(task.grid.sites);
    }
    if (!task.grid.in_dataset.empty()) {
        options["inDS"] = task.grid.in_dataset;
        options["forceStaged"] = true;
        // The most that prun allows: all of a dataset for one job.
        options["nFilesPerJob"] = 200;
    }
    if (!task.grid.retry) {
        options["disableAutoRetry"] = true;
    }
    return options;
}

void check_name(const std::string& name) {
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto is_inside = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; };
    if (name.empty() || !is_letter(name.front()) || !std::ranges::all_of(name, is_inside)) {
        throw InputError{
            fmt::format("grid_config.extra: '{}' is no option of prun, allowed: names as in "
                        "prun --helpGroup ALL, without '--'",
                        config::printable(name))};
    }
}

void add(std::vector<std::string>& words, const std::string& name, const json& value) {
    if (value.is_null() || value == false) {
        return;
    }
    if (value.is_array()) {
        for (const json& element : value) {
            add(words, name, element);
        }
    } else if (value == true) {
        words.push_back("--" + name);
    } else if (value.is_object()) {
        throw InputError{fmt::format("grid_config.extra.{} is {}, allowed: a text, a number, true, null or a list",
                                     name, config::printable_value(value))};
    } else {
        // With '=', a value that begins with '-' is no option.
        words.push_back(fmt::format("--{}={}", name, value.is_string() ? value.get<std::string>() : value.dump()));
    }
}

}  // namespace

std::vector<PandaTask> split_by_input(const PandaTask& task) {
    if (task.grid.in_dataset.empty() || task.jobs == 1) {
        return {task};
    }
    std::vector<PandaTask> tasks;
    for (unsigned i = 0; i < task.jobs; ++i) {
        tasks.push_back(task);
        tasks.back().jobs = 1;
        tasks.back().first_number = task.first_number + i;
        tasks.back().out_dataset += fmt::format(".{}", i + 1);
        tasks.back().submission_file.replace_extension(fmt::format("{}.json", i + 1));
    }
    return tasks;
}

std::vector<std::string> prun_command(const PandaTask& task) {
    Options options = standard_options(task);
    for (const auto& [name, value] : task.grid.extra.items()) {
        check_name(name);
        options[name] = value;
    }
    std::vector<std::string> words{"prun"};
    for (const auto& [name, value] : options.items()) {
        add(words, name, value);
    }
    words.insert(words.end(), task.passed_through.begin(), task.passed_through.end());
    return words;
}

}  // namespace hpogrid::launchers
