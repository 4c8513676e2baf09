#include "launchers/configurations/kind.hpp"

#include "engine/config/grid_config.hpp"
#include "engine/config/hpo_config.hpp"
#include "engine/config/model_config.hpp"
#include "engine/config/search_space.hpp"

namespace hpogrid::launchers {
namespace {

using config::Located;

// Short names are those of the original's later releases.

Kind hpo_kind() {
    constexpr auto list = OptionShape::list;
    return {.command = "hpo_config",
            .folder = "hpo",
            .what = "configuration of the search",
            .what_all = "configurations of the search",
            .options = options_of(config::hpo_fields(), {{"algorithm", 'a'},
                                                         {"scheduler", 's'},
                                                         {"metric", 'm'},
                                                         {"extra_metrics", 'e', list},
                                                         {"mode", 'o'},
                                                         {"resource", 'r'},
                                                         {"num_trials", 'n'},
                                                         {"trials", 't', OptionShape::value, "num_trials"},
                                                         {"log_dir", 'l'},
                                                         {"verbose", 'v', OptionShape::optional_value},
                                                         {"max_concurrent", 'c'}}),
            .check = [](const Located& value) { static_cast<void>(config::read_hpo_config(value)); },
            .example = "random_search_min_loss --algorithm random --metric loss --mode min --trials 200"};
}

Kind grid_kind() {
    return {.command = "grid_config",
            .folder = "grid",
            .what = "configuration of grid jobs",
            .what_all = "configurations of grid jobs",
            .options = options_of(config::grid_fields(), {{"site", 's', OptionShape::list},
                                                          {"container", 'c'},
                                                          {"inDS", 'i'},
                                                          {"outDS", 'o'},
                                                          {"retry", 'r', OptionShape::flag},
                                                          {"extra", 'e'}}),
            .check = [](const Located& value) { static_cast<void>(config::read_grid_config(value)); },
            .example = "manc_standard --site ANALY_MANC_GPU_TEST"};
}

Kind model_kind() {
    return {
        .command = "model_config",
        .folder = "model",
        .what = "configuration of the model",
        .what_all = "configurations of the model",
        .options = options_of(config::model_fields(),
                              {{"script", 's'}, {"model", 'm'}, {"param", 'p'}, {"arguments", 0, OptionShape::list}}),
        .check = [](const Located& value) { static_cast<void>(config::read_model_config(value)); },
        .example = "simple_objective_model --script simple_objective.py --model simple_objective"};
}

Kind space_kind() {
    const auto check = [](const Located& value) { static_cast<void>(config::read_search_space(value)); };
    ConfigOption option{.key = "search_space",
                        .meaning = "All hyperparameters as JSON",
                        .allowed = R"('{"<hyperparameter>": {"method": …, "dimension": {…}}, …}')",
                        .required = true,
                        .check = check,
                        .short_name = 's',
                        .store_as = "search_space"};
    return {.command = "search_space",
            .folder = "search_space",
            .what = "search space",
            .what_all = "search spaces",
            .options = {std::move(option)},
            .is_one_value = true,
            .check = check,
            .example = R"(my_space '{"lr": {"method": "loguniform", "dimension": {"low": 1e-5, "high": 1e-2}}}')"};
}

}  // namespace

const std::vector<Kind>& kinds() {
    static const std::vector<Kind> all{hpo_kind(), grid_kind(), model_kind(), space_kind()};
    return all;
}

}  // namespace hpogrid::launchers
