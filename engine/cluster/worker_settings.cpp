#include "engine/cluster/worker_settings.hpp"

#include "engine/core/error.hpp"
#include "engine/core/overloaded.hpp"

#include <nlohmann/json.hpp>

namespace hpogrid::cluster {
namespace {

using nlohmann::json;

json to_json(const trials::EvaluatorSpec& spec) {
    return std::visit(
        Overloaded{
            [](const trials::PythonScript& python) {
                return json{{"kind", "python"},
                            {"script", python.script.string()},
                            {"model", python.model},
                            {"start", static_cast<int>(python.start)}};
            },
            [](const trials::Command& command) {
                return json{{"kind", "command"},
                            {"program", command.program},
                            {"arguments", command.arguments},
                            {"result_file", command.result_file},
                            {"parameters", command.parameters}};
            },
            [](const trials::Plugin& plugin) {
                return json{{"kind", "plugin"}, {"library", plugin.library.string()}, {"factory", plugin.factory}};
            },
            [](const trials::Native& native) {
                return json{{"kind", "native"},
                            {"model", native.model},
                            {"param", native.param},
                            {"searched", native.searched},
                            {"changing", native.changing}};
            },
        },
        spec);
}

trials::EvaluatorSpec evaluator_from(const json& document) {
    const auto kind = document.at("kind").get<std::string>();
    if (kind == "python") {
        return trials::PythonScript{.script = document.at("script").get<std::string>(),
                                    .model = document.at("model"),
                                    .start = static_cast<trials::PythonStart>(document.at("start").get<int>())};
    }
    if (kind == "command") {
        return trials::Command{.program = document.at("program"),
                               .arguments = document.at("arguments"),
                               .result_file = document.at("result_file"),
                               .parameters = document.at("parameters")};
    }
    if (kind == "plugin") {
        return trials::Plugin{.library = document.at("library").get<std::string>(), .factory = document.at("factory")};
    }
    if (kind == "native") {
        return trials::Native{.model = document.at("model"),
                              .param = document.at("param"),
                              .searched = document.at("searched"),
                              .changing = document.at("changing")};
    }
    throw FormatError{"unknown kind of evaluator"};
}

}  // namespace

std::string to_text(const WorkerSettings& settings) {
    const trials::Surroundings& around = settings.surroundings;
    return json{{"evaluator", to_json(settings.evaluator)},
                {"trials_folder", around.trials_folder.string()},
                {"checkpoints_folder", around.checkpoints_folder.string()},
                {"save_at_end", around.save_at_end},
                {"time_attribute", around.time_attribute},
                {"scripts_path", around.scripts_path.string()},
                {"data_folder", around.data_folder.string()},
                {"work_folder", around.work_folder.string()},
                {"metric", around.metric},
                {"mode", static_cast<int>(around.mode)},
                {"log_limit", around.log_limit},
                {"wall", around.limits.wall.count()},
                {"silence", around.limits.silence.count()},
                {"grace", around.limits.grace.count()},
                {"stop", around.stop},
                {"cpus_per_trial", settings.cpus_per_trial},
                {"slots_per_gpu", settings.slots_per_gpu},
                {"gpus_per_trial", settings.gpus_per_trial},
                {"checkpoint_probe", settings.checkpoint_probe.string()},
                {"debug", settings.debug}}
        .dump(-1, ' ', false, json::error_handler_t::replace);
}

WorkerSettings worker_settings_from_text(const std::string& text) {
    try {
        const json document = json::parse(text);
        using Seconds = std::chrono::duration<double>;
        WorkerSettings settings{.evaluator = evaluator_from(document.at("evaluator"))};
        trials::Surroundings& around = settings.surroundings;
        around.trials_folder = document.at("trials_folder").get<std::string>();
        around.checkpoints_folder = document.at("checkpoints_folder").get<std::string>();
        around.save_at_end = document.at("save_at_end");
        around.time_attribute = document.at("time_attribute");
        around.scripts_path = document.at("scripts_path").get<std::string>();
        around.data_folder = document.at("data_folder").get<std::string>();
        around.work_folder = document.at("work_folder").get<std::string>();
        around.metric = document.at("metric");
        around.mode = static_cast<study::Mode>(document.at("mode").get<int>());
        around.log_limit = document.at("log_limit");
        around.limits.wall = Seconds{document.at("wall").get<double>()};
        around.limits.silence = Seconds{document.at("silence").get<double>()};
        around.limits.grace = Seconds{document.at("grace").get<double>()};
        around.stop = document.at("stop").get<std::vector<std::pair<std::string, double>>>();
        settings.cpus_per_trial = document.at("cpus_per_trial");
        settings.slots_per_gpu = document.at("slots_per_gpu");
        settings.gpus_per_trial = document.at("gpus_per_trial");
        settings.checkpoint_probe = document.at("checkpoint_probe").get<std::string>();
        settings.debug = document.at("debug");
        return settings;
    } catch (const json::exception& error) {
        throw FormatError{std::string{"worker settings: "} + error.what()};
    }
}

}  // namespace hpogrid::cluster
