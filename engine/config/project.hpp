#pragma once

#include "engine/space/parameter.hpp"
#include "engine/study/study.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hpogrid::config {

/// `hpo_config`. Defaults: the seed's README, "HPO Configuration"; optional keys of ours are marked (new).
struct HpoConfig {
    std::string algorithm{"random"};
    nlohmann::json algorithm_param = nlohmann::json::object();
    std::string scheduler{"asynchyperband"};
    nlohmann::json scheduler_param = nlohmann::json::object();
    std::string metric{"accuracy"};
    study::Mode mode{study::Mode::maximize};
    std::vector<std::string> extra_metrics;
    std::size_t num_trials{100};  ///< `num_trials` or `trials`; −1 in the file (one trial a GPU) becomes nothing below
    bool one_trial_per_gpu{false};
    std::size_t max_concurrent{0};  ///< 0 = as many as there are slots
    std::vector<std::pair<std::string, double>> stop{{"training_iteration", 1.0}};
    std::string log_dir{"./log"};
    int verbose{0};
    double cpus_per_trial{0};           ///< `resource.cpu`, 0 = the worker's share
    double gpus_per_trial{0};           ///< `resource.gpu`, 0 = all that the worker has
    std::optional<std::uint64_t> seed;  ///< (new)
    std::uint32_t retries{0};           ///< (new)
    double trial_timeout{0};            ///< (new) seconds, 0 = none
    double silence_timeout{0};          ///< (new) seconds without report or output, 0 = none
    /// (new) Trials that share a GPU, or a worker's cores; `resource.gpu` of 1/K means K of them.
    std::optional<unsigned> slots_per_gpu;
    std::size_t keep_checkpoints{1};    ///< (new) of ended trials
    std::uint64_t checkpoint_bytes{0};  ///< (new) that they may take, 0 = no limit
};

/// How a new trial's process comes to be (new key `model_config.start`).
enum class StartMethod { automatic, fork, spawn };

/// `model_config`.
struct ModelConfig {
    std::string script;
    std::string model;
    nlohmann::json param = nlohmann::json::object();
    StartMethod start{StartMethod::automatic};
    /// (new) Arguments of a command, with {name} placeholders.
    std::vector<std::string> arguments;
    /// (new) File in the trial's folder from which a command's final metrics are read.
    std::string result_file;
};

/// `grid_config`: where jobs run. Defaults: the seed's README, "Grid Configuration".
struct GridConfig {
    std::vector<std::string> sites{"ANALY_MANC_GPU_TEST"};  ///< queues; empty = wherever the grid finds room
    std::string container{
        "/cvmfs/unpacked.cern.ch/gitlab-registry.cern.ch/aml/hyperparameter-optimization/alkaid-qt/hpogrid:latest"};
    std::string in_dataset;
    /// Where ${RUCIO_ACCOUNT}, {HPO_PROJECT_NAME} and $(date …) stand for what they did in the seed's shell.
    std::string out_dataset{"user.${RUCIO_ACCOUNT}.hpogrid.{HPO_PROJECT_NAME}.out.$(date +%Y%m%d%H%M%S)"};
    bool retry{false};
    nlohmann::json extra = nlohmann::json::object();  ///< {option: value} of the submitting program
};

/// A checked project: what `hpogrid-engine` runs.
struct Project {
    std::string name;
    std::filesystem::path scripts_path;  ///< absolute, exists
    ModelConfig model;
    std::vector<space::Parameter> search_space;  ///< in the order of the names: JSON objects have none of their own
    HpoConfig hpo;
    GridConfig grid;
    nlohmann::json source;       ///< the whole JSON as read, for results and journal
    std::filesystem::path file;  ///< where it was read
};

/// Reads `PROJECT_DIR`, `PROJECT_NAME` (below $HPOGRID_BASE_PATH/projects or ./projects) or `CONFIG.json`.
/// Throws InputError: file, key, value, what is allowed, and the nearest known key for an unknown one.
[[nodiscard]] Project read_project(const std::filesystem::path& project);
/// The same from JSON in memory; `file` names it in messages and anchors relative paths: `scripts_path` starts at the
/// file's folder, which is also its default. In a project folder (`<project>/config/<file>.json` beside
/// `<project>/scripts`) it starts at the project, and `scripts` serves where that names no folder: the seed's projects
/// keep a copy of the scripts there, whatever `scripts_path` said when they were made.
[[nodiscard]] Project parse_project(const nlohmann::json& document, const std::filesystem::path& file);

/// The same from the text of a file.
[[nodiscard]] Project parse_project_text(std::string_view text, const std::filesystem::path& file);

/// The points of `--search-points FILE`: a JSON list of configurations, or {"points": [...]} around it.
/// Throws InputError.
[[nodiscard]] std::vector<nlohmann::json> read_search_points(const std::filesystem::path& file);

}  // namespace hpogrid::config
