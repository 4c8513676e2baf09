#include "kernels/api/metrics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "kernels/host/kernels.hpp"
#include "kernels/host/losses.hpp"

namespace hpogrid::kernels::host {
namespace {

constexpr double not_defined = std::numeric_limits<double>::quiet_NaN();

/// The validation part and its scores.
struct Scored {
    Matrix<const float> logits;
    std::span<const float> labels;
    std::span<const float> weights;
};

[[nodiscard]] bool is_right(Loss loss, std::span<const float> logits, float label) {
    if (loss == Loss::binary_cross_entropy) {
        return (logits[0] >= 0.0F) == (label > 0.5F);
    }
    return std::ranges::max_element(logits) - logits.begin() == static_cast<std::ptrdiff_t>(label);
}

void add_loss_and_accuracy(const Scored& scored, Loss loss, SlotMetrics& metrics) {
    double loss_sum = 0;
    double right = 0;
    double sum = 0;
    for (int i = 0; i < scored.logits.rows; ++i) {
        const auto index = static_cast<std::size_t>(i);
        const std::span<const float> row{scored.logits.row(i), static_cast<std::size_t>(scored.logits.columns)};
        const double weight = scored.weights[index];
        loss_sum += weight * loss_of(loss, row, scored.labels[index]);
        right += is_right(loss, row, scored.labels[index]) ? weight : 0.0;
        sum += weight;
    }
    metrics.loss = loss_sum / sum;
    metrics.accuracy = loss == Loss::mean_squared_error ? not_defined : right / sum;
}

/// How much larger the whole data set is than its validation part: [background, signal].
[[nodiscard]] std::array<double, 2> yield_scales(const DataView& data, const Fold& fold) {
    std::array<double, 2> all{};
    std::array<double, 2> part{};
    for (std::size_t i = 0; i < data.labels.size(); ++i) {
        const std::size_t kind = data.labels[i] > 0.5F ? 1 : 0;
        const auto row = static_cast<int>(i);
        all[kind] += data.weights[i];
        part[kind] += row >= fold.validation_begin && row < fold.validation_end ? data.weights[i] : 0.0F;
    }
    return {all[0] / part[0], all[1] / part[1]};
}

[[nodiscard]] double asimov_significance(double s, double b) {
    return std::sqrt(2 * ((s + b) * std::log1p(s / b) - s));
}

/// Walks down the scores, a group of equal ones at a time: a cut cannot divide them.
void add_ranking(const Scored& scored, std::span<std::uint32_t> order, std::array<double, 2> scales,
                 SlotMetrics& metrics) {
    std::iota(order.begin(), order.end(), 0U);
    const auto logit = [&](std::uint32_t row) { return scored.logits.values[row]; };
    std::ranges::sort(
        order, [&](std::uint32_t a, std::uint32_t b) { return logit(a) != logit(b) ? logit(a) > logit(b) : a < b; });
    double signal = 0;
    double background = 0;
    int background_rows = 0;
    double area = 0;
    for (std::size_t i = 0; i < order.size();) {
        const float cut = logit(order[i]);
        double more_signal = 0;
        double more_background = 0;
        for (; i < order.size() && logit(order[i]) == cut; ++i) {
            const bool is_signal = scored.labels[order[i]] > 0.5F;
            (is_signal ? more_signal : more_background) += scored.weights[order[i]];
            background_rows += is_signal ? 0 : 1;
        }
        area += more_background * (signal + more_signal / 2);
        signal += more_signal;
        background += more_background;
        const double s = signal * scales[1];
        const double b = background * scales[0];
        if (background_rows < min_background_rows || b <= 0 || s < 0) {
            continue;
        }
        const double probability = 1 / (1 + std::exp(-double{cut}));
        if (const double z = s / std::sqrt(b); !(z <= metrics.significance)) {
            metrics.significance = z;
            metrics.significance_cut = probability;
        }
        if (const double z = asimov_significance(s, b); !(z <= metrics.asimov)) {
            metrics.asimov = z;
            metrics.asimov_cut = probability;
        }
    }
    metrics.auc = area / (signal * background);
}

}  // namespace

void run(const ComputeMetrics& args, Place place) {
    const SlotSettings& settings = row_of(args, place).settings;
    const Fold fold = args.data.folds[static_cast<std::size_t>(settings.fold)];
    const auto begin = static_cast<std::size_t>(fold.validation_begin);
    const auto count = static_cast<std::size_t>(fold.validation_rows());
    Matrix<const float> logits = args.logits[place.slot];
    logits.rows = fold.validation_rows();
    const Scored scored{logits, args.data.labels.subspan(begin, count), args.data.weights.subspan(begin, count)};

    SlotMetrics metrics{.auc = not_defined,
                        .significance = not_defined,
                        .significance_cut = not_defined,
                        .asimov = not_defined,
                        .asimov_cut = not_defined};
    add_loss_and_accuracy(scored, settings.loss, metrics);
    const bool finite = std::isfinite(metrics.loss);
    if (settings.loss == Loss::binary_cross_entropy && finite) {
        add_ranking(scored, args.orders[place.lane].first(count), yield_scales(args.data, fold), metrics);
    }
    args.metrics[static_cast<std::size_t>(place.slot)] = metrics;
}

}  // namespace hpogrid::kernels::host
