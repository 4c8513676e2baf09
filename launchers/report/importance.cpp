#include "launchers/report/importance.hpp"

#include "engine/core/random.hpp"
#include "engine/optimizers/forest/forest.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace hpogrid::launchers {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using nlohmann::json;

constexpr std::size_t fewest_trials = 8;
constexpr std::size_t most_trials = 2000;
constexpr Index pairs = 4096;

/// Where a hyperparameter's values lie among the features, and how new ones are drawn.
struct Axis {
    Index first{0};
    Index features{1};  ///< one for numbers, an indicator a category
    bool logarithmic{false};
    double low{0.0}, high{1.0};
    std::vector<std::string> categories;  ///< empty: numbers
};

Axis axis_of(const std::vector<const ReportTrial*>& trials, const std::string& name) {
    Axis axis;
    std::map<std::string, int> names;
    bool numeric = true;
    std::vector<double> numbers;
    for (const ReportTrial* trial : trials) {
        const json value = trial->hyperparameters.value(name, json{});
        names[value.dump(-1, ' ', false, json::error_handler_t::replace)]++;
        numeric = numeric && (value.is_number() || value.is_null());
        if (value.is_number()) {
            numbers.push_back(value.get<double>());
        }
    }
    if (!numeric || numbers.empty()) {
        for (const auto& [category, count] : names) {
            axis.categories.push_back(category);
        }
        axis.features = static_cast<Index>(axis.categories.size());
        return axis;
    }
    std::ranges::sort(numbers);
    const double low = numbers.front();
    const double high = numbers.back();
    // Uniform numbers from 0 to 1 may span two decades, too, but half of them lie in the upper half.
    axis.logarithmic = low > 0.0 && high / low >= 100.0 && numbers[numbers.size() / 2] < high / 5.0;
    axis.low = axis.logarithmic ? std::log(low) : low;
    axis.high = axis.logarithmic ? std::log(high) : high;
    return axis;
}

/// Numbers in the middle where a parameter was inactive.
void write_value(const Axis& axis, const json& value, Eigen::Ref<VectorXd> features) {
    if (axis.categories.empty()) {
        const double number = value.is_number() ? value.get<double>() : std::nan("");
        const double place = axis.logarithmic ? std::log(number) : number;
        features[axis.first] = std::isfinite(place) ? place : 0.5 * (axis.low + axis.high);
        return;
    }
    const auto found = std::ranges::find(axis.categories, value.dump(-1, ' ', false, json::error_handler_t::replace));
    features.segment(axis.first, axis.features).setZero();
    features[axis.first + (found - axis.categories.begin())] = 1.0;
}

void draw_value(const Axis& axis, RandomStream& random, Eigen::Ref<VectorXd> features) {
    if (axis.categories.empty()) {
        features[axis.first] = axis.low + random.uniform() * (axis.high - axis.low);
        return;
    }
    features.segment(axis.first, axis.features).setZero();
    features[axis.first + static_cast<Index>(random.below(axis.categories.size()))] = 1.0;
}

/// Evenly over the ranked trials.
std::vector<const ReportTrial*> chosen_trials(const Report& report) {
    std::vector<const ReportTrial*> all;
    for (const ReportTrial& trial : report.trials) {
        all.push_back(&trial);
    }
    std::ranges::stable_sort(all, {}, [](const ReportTrial* trial) { return trial->score; });
    const std::size_t count = std::min(all.size(), most_trials);
    std::vector<const ReportTrial*> chosen;
    for (std::size_t i = 0; i < count; ++i) {
        chosen.push_back(all[i * all.size() / count]);
    }
    return chosen;
}

/// Ranks of trials that are sorted by score; equal scores share the middle one.
VectorXd ranks(const std::vector<const ReportTrial*>& trials) {
    VectorXd result(static_cast<Index>(trials.size()));
    for (std::size_t begin = 0, end = 0; begin < trials.size(); begin = end) {
        while (end < trials.size() && trials[end]->score == trials[begin]->score) {
            ++end;
        }
        const double middle = 0.5 * static_cast<double>(begin + end - 1);
        result.segment(static_cast<Index>(begin), static_cast<Index>(end - begin)).setConstant(middle);
    }
    return result;
}

/// One for each hyperparameter, their features side by side.
std::vector<Axis> axes_of(const std::vector<const ReportTrial*>& trials, const std::vector<std::string>& names) {
    std::vector<Axis> axes;
    Index features = 0;
    for (const std::string& name : names) {
        axes.push_back(axis_of(trials, name));
        axes.back().first = features;
        features += axes.back().features;
    }
    return axes;
}

/// [feature][trial]
MatrixXd features_of(const std::vector<const ReportTrial*>& trials, const std::vector<std::string>& names,
                     const std::vector<Axis>& axes) {
    MatrixXd table(axes.back().first + axes.back().features, static_cast<Index>(trials.size()));
    for (std::size_t trial = 0; trial < trials.size(); ++trial) {
        VectorXd features(table.rows());
        for (std::size_t i = 0; i < axes.size(); ++i) {
            write_value(axes[i], trials[trial]->hyperparameters.value(names[i], json{}), features);
        }
        table.col(static_cast<Index>(trial)) = features;
    }
    return table;
}

MatrixXd random_points(const std::vector<Axis>& axes, Index features, RandomStream& random) {
    MatrixXd points(features, pairs);
    for (Index i = 0; i < pairs; ++i) {
        VectorXd point(features);
        for (const Axis& axis : axes) {
            draw_value(axis, random, point);
        }
        points.col(i) = point;
    }
    return points;
}

double variance(const VectorXd& values) {
    return (values.array() - values.mean()).square().mean();
}

}  // namespace

std::vector<Importance> importances(const Report& report) {
    if (report.trials.size() < fewest_trials || report.hyperparameters.empty()) {
        return {};
    }
    const auto trials = chosen_trials(report);
    if (trials.front()->score == trials.back()->score) {
        return {};
    }
    const std::vector<Axis> axes = axes_of(trials, report.hyperparameters);
    const MatrixXd table = features_of(trials, report.hyperparameters, axes);
    const Index features = table.rows();
    RandomStream random{0, 0, RandomPurpose::model};
    const optimizers::Forest forest{table, ranks(trials), {}, random};
    const auto predicted = [&](const MatrixXd& points) -> VectorXd { return forest.predict(points).mean.row(0); };

    const MatrixXd a = random_points(axes, features, random);
    const MatrixXd b = random_points(axes, features, random);
    const VectorXd of_a = predicted(a);
    const VectorXd of_b = predicted(b);
    const double whole = 0.5 * (variance(of_a) + variance(of_b));
    if (!(whole > 0.0)) {
        return {};
    }
    std::vector<Importance> result;
    for (std::size_t i = 0; i < axes.size(); ++i) {
        MatrixXd mixed = a;
        mixed.middleRows(axes[i].first, axes[i].features) = b.middleRows(axes[i].first, axes[i].features);
        const VectorXd of_mixed = predicted(mixed);
        const double total = 0.5 * (of_a - of_mixed).squaredNorm() / pairs / whole;
        const double main = (of_b.array() - of_b.mean()).matrix().dot(of_mixed - of_a) / pairs / whole;
        result.push_back(
            {report.hyperparameters[i], std::clamp(std::min(main, total), 0.0, 1.0), std::clamp(total, 0.0, 1.0)});
    }
    std::ranges::stable_sort(result, std::greater{}, &Importance::total);
    return result;
}

}  // namespace hpogrid::launchers
