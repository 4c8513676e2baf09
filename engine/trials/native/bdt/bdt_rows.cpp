#include "engine/trials/native/bdt/bdt_rows.hpp"

#include <algorithm>
#include <vector>

namespace hpogrid::trials {
namespace {

using kernels::Fold;
using kernels::Table;

/// Calls take(begin, end) for each range of rows of a part.
template <class Take>
void for_ranges(const Table& table, const Fold& fold, bool validation, const Take& take) {
    if (validation) {
        take(fold.validation_begin, fold.validation_end);
    } else {
        take(0, fold.validation_begin);
        take(fold.validation_end, table.rows());
    }
}

std::vector<float> part_of(const Table& table, const Fold& fold, bool validation, const std::vector<float>& column,
                           int width) {
    std::vector<float> part;
    for_ranges(table, fold, validation, [&](int begin, int end) {
        part.insert(part.end(), column.begin() + std::ptrdiff_t{begin} * width,
                    column.begin() + std::ptrdiff_t{end} * width);
    });
    return part;
}

std::vector<float> scaled_weights(const Table& table, const Fold& fold, bool validation) {
    const std::vector<float> all =
        table.weights.empty() ? std::vector<float>(table.labels.size(), 1.0F) : table.weights;
    double sum = 0;
    for_ranges(table, fold, false, [&](int begin, int end) {
        for (int row = begin; row < end; ++row) {
            sum += all[static_cast<std::size_t>(row)];
        }
    });
    const double scale = fold.training_rows(table.rows()) / sum;
    std::vector<float> part = part_of(table, fold, validation, all, 1);
    std::ranges::transform(part, part.begin(), [scale](float weight) { return static_cast<float>(weight * scale); });
    return part;
}

XgMatrix make_part(const Table& table, const Fold& fold, bool validation) {
    return {part_of(table, fold, validation, table.values, table.features),
            part_of(table, fold, validation, table.labels, 1), scaled_weights(table, fold, validation)};
}

}  // namespace

BdtRows::BdtRows(const Table& table, const Fold& fold)
    : training{make_part(table, fold, false)}, validation{make_part(table, fold, true)} {}

std::shared_ptr<BdtRows> BdtRowsPool::rows(const Fold& fold, int max_bin) {
    std::weak_ptr<BdtRows>& known = used_[{fold.validation_begin, max_bin}];
    std::shared_ptr<BdtRows> rows = known.lock();
    if (!rows) {
        rows = std::make_shared<BdtRows>(*table_, fold);
        known = rows;
    }
    return rows;
}

}  // namespace hpogrid::trials
