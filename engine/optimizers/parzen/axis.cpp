#include "engine/optimizers/parzen/axis.hpp"

#include "engine/core/overloaded.hpp"
#include "engine/space/normal_distribution.hpp"
#include "engine/space/quantile.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace hpogrid::optimizers {
namespace {

using space::Value;

constexpr double infinity = std::numeric_limits<double>::infinity();

bool unbounded(const space::SamplingMethod& real) {
    return std::holds_alternative<space::Normal>(real) || std::holds_alternative<space::LogNormal>(real);
}

double finite(double x) {
    constexpr double most = std::numeric_limits<double>::max();
    return std::clamp(x, -most, most);
}

double real_number(const Value& value) {
    const auto* integer = std::get_if<std::int64_t>(&value);
    return integer != nullptr ? static_cast<double>(*integer) : std::get<double>(value);
}

}  // namespace

Axis::Axis(const space::SamplingMethod& method, EndCells end_cells) : method_{&method}, real_{method} {
    std::visit(Overloaded{
                   [&](const space::Categorical& m) { categories_ = m.categories.size(); },
                   [&](const space::UniformInt&) { discrete_ = true; },
                   [&](const space::QUniform& m) {
                       real_ = space::Uniform{m.low, m.high};
                       step_ = m.q;
                       if (end_cells == EndCells::whole) {
                           ends_ = {std::get<double>(space::quantile(method, 0.0)),
                                    std::get<double>(space::quantile(method, 1.0))};
                           real_ = space::Uniform{finite(ends_.low - m.q / 2), finite(ends_.high + m.q / 2)};
                       }
                   },
                   [&](const space::QLogUniform& m) {
                       real_ = space::LogUniform{m.low, m.high, m.base};
                       step_ = m.q;
                   },
                   [&](const space::QNormal& m) {
                       real_ = space::Normal{m.mu, m.sigma};
                       step_ = m.q;
                   },
                   [&](const space::QLogNormal& m) {
                       real_ = space::LogNormal{m.mu, m.sigma, m.base};
                       step_ = m.q;
                   },
                   [](const auto&) {},
               },
               method);
    discrete_ = discrete_ || step_ > 0;
    const auto* logarithm = std::get_if<space::LogNormal>(&real_);
    falling_ = logarithm != nullptr && logarithm->base < 1;
    range_ = unbounded(real_) ? Interval{-infinity, infinity} : Interval{0.0, 1.0};
}

double Axis::middle() const noexcept {
    return std::isfinite(range_.low) ? 0.5 : 0.0;
}

double Axis::place(double x) const {
    return std::visit(
        Overloaded{
            [&](const space::Normal& m) { return (x - m.mu) / m.sigma; },
            [&](const space::LogNormal& m) { return (std::log(std::max(x, 0.0)) / std::log(m.base) - m.mu) / m.sigma; },
            [&](const auto&) { return space::unit_of(real_, x); },
        },
        real_);
}

double Axis::coordinate(const Value& value) const {
    if (categorical()) {
        return std::get<space::Category>(value).index;
    }
    if (std::holds_alternative<space::UniformInt>(real_)) {
        return space::unit_of(real_, value);
    }
    const double at = place(real_number(value));
    if (std::isfinite(at)) {
        return at;
    }
    // What has no place in numbers, such as the logarithm of 0, stands in the middle of its cell's probability.
    const double unit = std::clamp(space::unit_of(*method_, value), 0x1.0p-53, 1.0 - 0x1.0p-53);
    return space::normal_quantile(falling_ ? 1.0 - unit : unit);
}

Value Axis::value(double coordinate) const {
    if (categorical()) {
        return space::Category{static_cast<std::uint32_t>(coordinate)};
    }
    if (unbounded(real_)) {
        return space::quantile(*method_, space::normal_cdf(falling_ ? -coordinate : coordinate));
    }
    if (ends_.low < ends_.high) {
        const double x = std::get<double>(space::quantile(real_, coordinate));
        return space::canonical(*method_, std::clamp(x, ends_.low, ends_.high));
    }
    return space::quantile(*method_, coordinate);
}

Interval Axis::cell(const Value& value) const {
    if (const auto* integer = std::get_if<space::UniformInt>(&real_)) {
        const double count = static_cast<double>(integer->high) - static_cast<double>(integer->low) + 1.0;
        const double centre = space::unit_of(real_, value);
        return {centre - 0.5 / count, centre + 0.5 / count};
    }
    const double x = real_number(value);
    const double one = place(x - step_ / 2);
    const double other = place(x + step_ / 2);
    return {std::min(one, other), std::max(one, other)};
}

}  // namespace hpogrid::optimizers
