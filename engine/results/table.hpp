#pragma once

#include "engine/results/snapshot.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hpogrid::results {

/// A truth value that is no integer; in the file an enumeration {FALSE, TRUE} of int8, which h5py reads as bool.
struct Truth {
    std::int8_t value{0};
    friend constexpr auto operator<=>(Truth, Truth) = default;
};

using ColumnData =
    std::variant<std::vector<double>, std::vector<std::int64_t>, std::vector<Truth>, std::vector<std::string>>;

[[nodiscard]] std::size_t length(const ColumnData& data) noexcept;

struct Column {
    std::string name;
    ColumnData data;
};

/// Named columns of equal length, in order.
using Table = std::vector<Column>;

/// The column of this name, or null.
[[nodiscard]] const Column* find_column(const Table& table, std::string_view name) noexcept;

/// Content of results.h5 (schema 1) in plain vectors.
struct ResultsTables {
    std::int64_t schema_version{1};
    std::string engine_version, project_name, metric, mode, algorithm, scheduler, status, config;
    std::uint64_t seed{0};
    std::uint64_t num_trials{0};  ///< that were planned; 0 = not known
    std::string best_checkpoint;  ///< folder below that of the checkpoints
    std::int64_t best_trial{-1};  ///< −1 without a successful trial
    Table trials;          ///< id state attempt origin worker host gpu started ended duration iterations error log
    Table params;          ///< a column a hyperparameter, as long as those of `trials`
    Table metrics;         ///< <metric> and <metric>_last, as long as those of `trials`
    Table reports;         ///< trial_id iteration time
    Table report_metrics;  ///< as long as those of `reports`
};

/// Brings a snapshot into the form of results.h5: trials in the order of their ids, reports in the order of arrival
/// without those of given-up attempts.
[[nodiscard]] ResultsTables tabulate(const Snapshot& snapshot);

}  // namespace hpogrid::results
