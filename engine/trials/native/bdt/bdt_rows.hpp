#pragma once

#include "engine/trials/native/bdt/xgboost.hpp"

#include "kernels/api/data_view.hpp"
#include "kernels/trainer/data_set.hpp"

#include <map>
#include <memory>
#include <utility>

namespace hpogrid::trials {

/// The two parts of a fold in XGBoost's memory. Weights are scaled to a mean of 1 in the training part.
struct BdtRows {
    BdtRows(const kernels::Table& table, const kernels::Fold& fold);

    XgMatrix training;
    XgMatrix validation;
};

/// Parts of folds, shared by trials that cut features into the same bins: XGBoost keeps the bins with the rows.
class BdtRowsPool {
  public:
    /// \param table must outlive the pool
    explicit BdtRowsPool(const kernels::Table& table) : table_{&table} {}

    [[nodiscard]] std::shared_ptr<BdtRows> rows(const kernels::Fold& fold, int max_bin);

  private:
    const kernels::Table* table_;
    std::map<std::pair<int, int>, std::weak_ptr<BdtRows>> used_;  ///< by beginning of the validation part, and bins
};

}  // namespace hpogrid::trials
