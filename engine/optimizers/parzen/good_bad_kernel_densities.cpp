#include "engine/optimizers/parzen/good_bad_kernel_densities.hpp"

#include "engine/optimizers/parzen/truncated_normal.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace hpogrid::optimizers {
namespace {

std::vector<std::size_t> categories_of(const ObservedAxes& axes) {
    std::vector<std::size_t> categories;
    for (std::size_t axis = 0; axis < axes.size(); ++axis) {
        categories.push_back(axes.axis(axis).categories());
    }
    return categories;
}

/// A coordinate from the parameter's own distribution.
double any_coordinate(const Axis& axis, RandomStream& random) {
    if (axis.categorical()) {
        return static_cast<double>(random.below(axis.categories()));
    }
    return std::isfinite(axis.range().low) ? random.uniform() : random.normal();
}

}  // namespace

GoodBadKernelDensities::GoodBadKernelDensities(const ObservedAxes& axes, double narrowest, std::uint64_t seed)
    : axes_{axes}, seed_{seed}, good_{categories_of(axes), narrowest}, bad_{categories_of(axes), narrowest} {}

void GoodBadKernelDensities::fit(std::span<const std::uint32_t> good, std::span<const std::uint32_t> bad) {
    good_.fit(filled_columns(good));
    bad_.fit(filled_columns(bad));
}

std::vector<std::vector<double>> GoodBadKernelDensities::filled_columns(std::span<const std::uint32_t> trials) const {
    std::vector<std::vector<double>> columns(axes_.size(), std::vector<double>(trials.size()));
    std::vector<bool> incomplete(trials.size());
    for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
        const std::span<const double> all = axes_.column(axis);
        for (std::size_t point = 0; point < trials.size(); ++point) {
            columns[axis][point] = all[trials[point]];
            if (std::isnan(columns[axis][point])) {
                incomplete[point] = true;
            }
        }
    }
    std::vector<double> row(axes_.size());
    for (std::size_t point = 0; point < trials.size(); ++point) {
        if (!incomplete[point]) {
            continue;
        }
        std::ranges::transform(columns, row.begin(), [&](const auto& column) { return column[point]; });
        fill(trials, trials[point], row);
        for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
            columns[axis][point] = row[axis];
        }
    }
    return columns;
}

void GoodBadKernelDensities::fill(std::span<const std::uint32_t> trials, std::uint32_t trial,
                                  std::span<double> row) const {
    // Apart from the numbers that propose the trial: its stream is that of another study.
    RandomStream random{~seed_, trial, RandomPurpose::model};
    for (std::size_t axis = 0; axis < row.size(); ++axis) {
        if (!std::isnan(row[axis])) {
            continue;
        }
        std::vector<std::uint32_t> donors;
        std::ranges::copy_if(trials, std::back_inserter(donors),
                             [&](std::uint32_t other) { return axes_.active(axis, other); });
        if (donors.empty()) {
            row[axis] = any_coordinate(axes_.axis(axis), random);
            continue;
        }
        // Whatever else the donor has and the trial lacks comes from the same donor.
        const std::uint32_t donor = donors[random.below(donors.size())];
        for (std::size_t other = axis; other < row.size(); ++other) {
            row[other] = std::isnan(row[other]) ? axes_.column(other)[donor] : row[other];
        }
    }
}

RankedCandidates GoodBadKernelDensities::draw(std::size_t count, double factor, RandomStream& random) const {
    RankedCandidates candidates{bad_};
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t point = random.below(good_.size());
        std::vector<double> at;
        std::vector<space::Value> values;
        for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
            at.push_back(moved(axis, good_.coordinate(axis, point), factor, random));
            values.push_back(axes_.axis(axis).value(at.back()));
        }
        const double good = good_.density(at);
        candidates.add(std::move(values), std::move(at), good);
    }
    return candidates;
}

double GoodBadKernelDensities::moved(std::size_t axis, double centre, double factor, RandomStream& random) const {
    const Axis& on = axes_.axis(axis);
    const double width = good_.bandwidths()[axis];
    if (on.categorical()) {
        return random.uniform() < 1.0 - width ? centre : static_cast<double>(random.below(on.categories()));
    }
    return truncated_normal_quantile(centre, factor * width, on.range(), random.uniform());
}

}  // namespace hpogrid::optimizers
