#pragma once

#include "engine/trials/native/bdt/xgboost.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace hpogrid::trials {

/// One trial of the model `bdt`.
struct BdtTrial {
    std::vector<XgParameter> parameters;  ///< XGBoost's own
    int max_bin{256};
    int rounds{100};
    int rounds_per_report{1};
    int early_stopping_rounds{0};  ///< 0: never
    int fold{0};
};

/// Reads a trial's hyperparameters; keys that describe the data are skipped.
///
/// `n_estimators` (100): rounds; `rounds_per_report` (1); `early_stopping_rounds` (0: never): ends when the loss on the
/// validation part has not fallen for so many; `fold` (0). Under XGBoost's names and with its defaults (version 1.7):
/// `learning_rate` (0.3), `max_depth` (6), `min_child_weight` (1), `gamma` (0), `subsample` (1), `colsample_bytree`
/// (1), `colsample_bylevel` (1), `colsample_bynode` (1), `lambda` (1), `alpha` (0), `max_delta_step` (0),
/// `scale_pos_weight` (1), `max_bin` (256), `max_leaves` (0: any number), `grow_policy` ("depthwise", "lossguide"), and
/// `tree_method`
/// ("hist", "exact"), whose default here is "hist" for data of any size. What "approx" keeps between rounds is in no
/// checkpoint.
///
/// Other common names count, too: `num_boost_round`, `num_trees`, `rounds`; `eta`, `lr`; `min_split_loss`;
/// `reg_lambda`, `l2`; `reg_alpha`, `l1`. Throws InputError that names the key, its value and what is allowed. \param
/// folds how many the data have
[[nodiscard]] BdtTrial read_bdt_trial(const nlohmann::json& configuration, int folds);

}  // namespace hpogrid::trials
