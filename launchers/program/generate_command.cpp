#include "launchers/program/generate_command.hpp"

#include "engine/config/json_text.hpp"
#include "engine/config/located.hpp"
#include "engine/config/printable.hpp"
#include "engine/config/search_space.hpp"
#include "engine/console/option_values.hpp"
#include "engine/core/error.hpp"
#include "engine/optimizers/registry.hpp"
#include "engine/results/file.hpp"
#include "launchers/configurations/kind.hpp"
#include "launchers/configurations/store.hpp"
#include "launchers/idds/steering.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace hpogrid::launchers {
namespace {

using nlohmann::json;

struct Arguments {
    std::size_t num_points{1};
    std::size_t max_points{0};
    std::string history;
    std::string output;
    std::string space;
    std::string metric{"loss"};
    std::string mode{"min"};
    std::string method{"auto"};
    std::uint64_t seed{0};
};

std::vector<std::string> methods() {
    std::vector<std::string> names;
    for (const optimizers::AlgorithmEntry& entry : optimizers::algorithms()) {
        names.emplace_back(entry.name);
    }
    return names;
}

Store search_spaces(const Workspace& workspace) {
    const auto kind = std::ranges::find(kinds(), std::string_view{"search_space"}, &Kind::command);
    return {workspace.configurations(kind->folder), *kind};
}

/// The search space as JSON, and what to call it in messages.
struct NamedSpace {
    json value;
    std::string name;
};

NamedSpace space_of(const Workspace& workspace, const Arguments& arguments, const json& history) {
    const std::string& given = arguments.space;
    if (given.empty()) {
        const json value = history.is_object() ? history.value("opt_space", json{}) : json{};
        if (value.is_null()) {
            throw InputError{fmt::format("{}: key 'opt_space' holds no search space, allowed: one there, or --space",
                                         config::printable_path(arguments.history))};
        }
        return {value, config::printable_path(arguments.history)};
    }
    if (given.find('{') != std::string::npos) {
        return {config::parse_json_text(given, "--space"), "--space"};
    }
    if (given.ends_with(".json") || given.find('/') != std::string::npos) {
        return {config::read_json_file(given), config::printable_path(given)};
    }
    return {search_spaces(workspace).read(given), "search_space " + given};
}

int generate(const Workspace& workspace, const Arguments& arguments) {
    const json history = config::read_json_file(arguments.history);
    const NamedSpace named = space_of(workspace, arguments, history);
    const space::Space space{config::read_search_space(config::Located{named.value, named.name})};
    const json points = next_points(history, config::printable_path(arguments.history),
                                    {.space = space,
                                     .method = arguments.method,
                                     .metric = arguments.metric,
                                     .mode = arguments.mode == "min" ? study::Mode::minimize : study::Mode::maximize,
                                     .num_points = arguments.num_points,
                                     .max_points = arguments.max_points,
                                     .seed = arguments.seed});
    const std::string text = points.dump() + "\n";
    results::replace_file(arguments.output, std::as_bytes(std::span{text}));
    fmt::print("{} point{} of {} in {}\n", points.size(), points.size() == 1 ? "" : "s", arguments.method,
               config::printable_path(arguments.output));
    return 0;
}

}  // namespace

void add_generate_command(CommandTree& tree, const Workspace& workspace) {
    const auto arguments = std::make_shared<Arguments>();
    constexpr std::uint64_t most = 1'000'000;
    CLI::App& app = tree.add_command(
        tree.root(), "generate", "Propose the next points of a search that iDDS steers: the command of phpo's steering",
        "  hpogrid generate --n_point %NUM_POINTS --max_point %MAX_POINTS --infile %IN --outfile %OUT -s space.json\n",
        [workspace, arguments] { return generate(workspace, *arguments); });
    app.add_option("-n,--n_point", arguments->num_points, "How many points are wanted now")
        ->required()
        ->type_name("N")
        ->check(console::whole_number(0, most));
    app.add_option("-m,--max_point", arguments->max_points, "How many points the whole search has")
        ->required()
        ->type_name("N")
        ->check(console::whole_number(0, most));
    app.add_option("-i,--infile", arguments->history, "All points so far, as iDDS writes them")
        ->required()
        ->type_name("FILE");
    app.add_option("-o,--outfile", arguments->output, "Where iDDS reads the next points: [] ends the search")
        ->required()
        ->type_name("FILE");
    app.add_option("-s,--space", arguments->space,
                   "Search space: a JSON file, its text, or the name of a search_space [default opt_space of infile]")
        ->type_name("SPACE");
    app.add_option("--metric", arguments->metric, "Name of the result, where it is an object of several [default loss]")
        ->type_name("NAME");
    const auto modes = [] { return std::vector<std::string>{"min", "max"}; };
    tree.complete(app.add_option("--mode", arguments->mode, "Whether small or large results are good [default min]")
                      ->type_name("min | max")
                      ->check(console::one_of(modes())),
                  modes);
    tree.complete(app.add_option("--method", arguments->method, "Algorithm, as in hpo_config [default auto]")
                      ->type_name("NAME")
                      ->check(console::one_of(methods())),
                  &methods);
    app.add_option("--seed", arguments->seed, "Seed of all random choices, the same in every step [default 0]")
        ->type_name("N")
        ->check(console::whole_number(0, std::uint64_t{1} << 52U));
}

}  // namespace hpogrid::launchers
