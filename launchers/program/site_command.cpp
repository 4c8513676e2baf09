#include "launchers/program/site_command.hpp"

#include "engine/config/json_text.hpp"
#include "engine/config/printable.hpp"
#include "engine/core/error.hpp"
#include "launchers/configurations/store.hpp"
#include "launchers/sites/gpu_queue.hpp"
#include "launchers/sites/queue_source.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <system_error>

namespace hpogrid::launchers {
namespace {

struct SiteOptions {
    std::string pattern{"*"};
    std::string from;
    bool all{false};
    bool sync{false};
    bool json{false};
};

/// Lists of queues are larger than what users write, so that read_json_file() would not take them.
QueueList read_list(const std::string& file) {
    std::ifstream stream{file, std::ios::binary};
    if (std::error_code error; !stream || std::filesystem::is_directory(file, error)) {
        throw InputError{
            fmt::format("{}: cannot be read, allowed: CRIC's cric_pandaqueues.json", config::printable_path(file))};
    }
    const std::string text{std::istreambuf_iterator<char>{stream}, {}};
    return {config::parse_json_text(text, file), "the file " + config::printable_path(file)};
}

int run(const SiteOptions& options) {
    const QueueList list =
        options.from.empty() ? find_queues(queue_sources_from_environment(), options.sync) : read_list(options.from);
    std::vector<GpuQueue> queues = gpu_queues(list.queues);
    std::erase_if(queues, [&](const GpuQueue& queue) {
        return (!options.all && !queue.is_active()) || ::fnmatch(options.pattern.c_str(), queue.name.c_str(), 0) != 0;
    });
    if (options.json) {
        fmt::print("{}", file_text(json_of(queues)));
        return 0;
    }
    fmt::print("{}", render(queue_table(queues), terminal_width(), colours_wanted()));
    fmt::print("{} GPU queue{}, as {} says\n", queues.size(), queues.size() == 1 ? "" : "s",
               config::printable(list.origin));
    return 0;
}

}  // namespace

void add_site_command(CommandTree& tree) {
    const auto options = std::make_shared<SiteOptions>();
    CLI::App& app =
        tree.add_command(tree.root(), "sites", "List the queues of the grid that have GPUs",
                         "  hpogrid sites\n  hpogrid sites 'ANALY_*' --all\n", [options] { return run(*options); });
    tree.complete(app.add_option("pattern", options->pattern, "Only queues of this name; may hold * ? [abc]")
                      ->type_name("PATTERN"),
                  known_sites);
    app.add_flag("-a,--all", options->all, "Those, too, that take no jobs at present");
    app.add_option("--from", options->from, "Take the list from this file instead of CVMFS or CRIC")->type_name("FILE");
    app.add_flag("--sync", options->sync, "Ask CRIC anew instead of using its last answer");
    app.add_flag("--json", options->json, "Print JSON");
}

std::vector<std::string> known_sites() {
    std::vector<std::string> names;
    try {
        if (const auto list = known_queues(queue_sources_from_environment())) {
            for (const GpuQueue& queue : gpu_queues(list->queues)) {
                names.push_back(queue.name);
            }
        }
    } catch (const std::exception&) {
        // Whoever completes a command line does not want to read about a broken cache.
        names.clear();
    }
    return names;
}

}  // namespace hpogrid::launchers
