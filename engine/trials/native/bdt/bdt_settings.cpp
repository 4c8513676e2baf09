#include "engine/trials/native/bdt/bdt_settings.hpp"

#include "engine/core/error.hpp"
#include "engine/core/parameter_reader.hpp"
#include "engine/trials/native/hyperparameter_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace hpogrid::trials {
namespace {

constexpr std::array<OtherName, 10> other_names{{{"num_boost_round", "n_estimators"},
                                                 {"num_trees", "n_estimators"},
                                                 {"rounds", "n_estimators"},
                                                 {"eta", "learning_rate"},
                                                 {"lr", "learning_rate"},
                                                 {"min_split_loss", "gamma"},
                                                 {"reg_lambda", "lambda"},
                                                 {"l2", "lambda"},
                                                 {"reg_alpha", "alpha"},
                                                 {"l1", "alpha"}}};
constexpr std::array<std::string_view, 2> tree_methods{"hist", "exact"};
constexpr std::array<std::string_view, 2> grow_policies{"depthwise", "lossguide"};

/// A number, at least 0.
struct Amount {
    std::string_view name;
    double standard;
};
constexpr std::array amounts{
    Amount{"learning_rate", 0.3}, Amount{"min_child_weight", 1}, Amount{"gamma", 0},           Amount{"lambda", 1},
    Amount{"alpha", 0},           Amount{"max_delta_step", 0},   Amount{"scale_pos_weight", 1}};
/// Above 0, at most 1.
constexpr std::array<std::string_view, 4> shares{"subsample", "colsample_bytree", "colsample_bylevel",
                                                 "colsample_bynode"};

int bounded(std::size_t value) {
    return static_cast<int>(std::min<std::size_t>(value, 1U << 30U));
}

double share(ParameterReader& reader, std::string_view name) {
    const double value = reader.number(name, 1, 0, true);
    if (value > 1) {
        throw InputError{
            fmt::format("configuration key '{}' of 'bdt' is {}, allowed: a number above 0, at most 1", name, value)};
    }
    return value;
}

}  // namespace

BdtTrial read_bdt_trial(const nlohmann::json& configuration, int folds) {
    const nlohmann::json own = by_own_names(configuration, other_names);
    ParameterReader reader{"configuration", "bdt", own};
    BdtTrial trial;
    trial.rounds = bounded(reader.count("n_estimators", 100, 1));
    trial.rounds_per_report = bounded(reader.count("rounds_per_report", 1, 1));
    trial.early_stopping_rounds = bounded(reader.count("early_stopping_rounds", 0, 0));
    trial.fold = bounded(reader.count("fold", 0, 0));
    trial.max_bin = bounded(reader.count("max_bin", 256, 2));
    trial.parameters = {{"tree_method", reader.choice("tree_method", "hist", tree_methods)},
                        {"max_bin", fmt::format("{}", trial.max_bin)},
                        {"max_depth", fmt::format("{}", bounded(reader.count("max_depth", 6, 0)))},
                        {"max_leaves", fmt::format("{}", bounded(reader.count("max_leaves", 0, 0)))},
                        {"grow_policy", reader.choice("grow_policy", "depthwise", grow_policies)}};
    for (const Amount& amount : amounts) {
        const double value = reader.number(amount.name, amount.standard, 0);
        trial.parameters.push_back({std::string{amount.name}, fmt::format("{}", value)});
    }
    for (const std::string_view name : shares) {
        trial.parameters.push_back({std::string{name}, fmt::format("{}", share(reader, name))});
    }
    reader.finish();
    if (trial.fold >= folds) {
        throw InputError{
            fmt::format("configuration key 'fold' of 'bdt' is {}, allowed: 0 to {}", trial.fold, folds - 1)};
    }
    return trial;
}

}  // namespace hpogrid::trials
