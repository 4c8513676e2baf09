#include "engine/space/quantile.hpp"

#include "engine/core/overloaded.hpp"
#include "engine/space/normal_distribution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <limits>
#include <type_traits>

namespace hpogrid::space {
namespace {

double clamp_unit(double unit) noexcept {
    return std::clamp(unit, 0.0, 1.0);
}

double finite(double x) noexcept {
    constexpr double most = std::numeric_limits<double>::max();
    return std::clamp(x, -most, most);
}

/// The ends of the unit interval, where a normal variable is infinite, are moved inside.
double standard_normal(double unit) noexcept {
    constexpr double inside = 0x1.0p-53;
    return normal_quantile(std::clamp(unit, inside, 1.0 - inside));
}

double fraction(double low, double high, double x) noexcept {
    // Halves, because high − low may be infinite.
    return std::clamp((x / 2 - low / 2) / (high / 2 - low / 2), 0.0, 1.0);
}

double quantise(double x, double q) noexcept {
    const double steps = x / q;
    if (!std::isfinite(steps)) {
        return x;  // the steps are finer than the numbers
    }
    for (const double whole : {std::round(steps), std::trunc(steps)}) {
        if (std::isfinite(whole * q)) {
            return whole * q + 0.0;
        }
    }
    return std::nextafter(steps, 0.0) * q;
}

// Each real method: value at a place, and place of a value.

double at(const Uniform& m, double unit) {
    return std::lerp(m.low, m.high, unit);
}
double place(const Uniform& m, double x) {
    return fraction(m.low, m.high, x);
}

double at(const LogUniform& m, double unit) {
    // exp(log(x)) need not be x, but the ends are.
    if (unit == 0.0 || unit == 1.0) {
        return unit == 0.0 ? m.low : m.high;
    }
    return std::clamp(std::exp(std::lerp(std::log(m.low), std::log(m.high), unit)), m.low, m.high);
}
double place(const LogUniform& m, double x) {
    return x > 0 ? fraction(std::log(m.low), std::log(m.high), std::log(x)) : 0.0;
}

double at(const Normal& m, double unit) {
    return finite(m.mu + finite(m.sigma * standard_normal(unit)));
}
double place(const Normal& m, double x) {
    return normal_cdf((x - m.mu) / m.sigma);
}

double at(const LogNormal& m, double unit) {
    const double exponent = m.mu + m.sigma * standard_normal(m.base > 1 ? unit : 1.0 - unit);
    return std::clamp(std::pow(m.base, exponent), std::numeric_limits<double>::min(),
                      std::numeric_limits<double>::max());
}
double place(const LogNormal& m, double x) {
    if (!(x > 0)) {
        return 0.0;
    }
    const double share = normal_cdf((std::log(x) / std::log(m.base) - m.mu) / m.sigma);
    return m.base > 1 ? share : 1.0 - share;
}

Uniform continuous(const QUniform& m) {
    return {m.low, m.high};
}
LogUniform continuous(const QLogUniform& m) {
    return {m.low, m.high, m.base};
}
Normal continuous(const QNormal& m) {
    return {m.mu, m.sigma};
}
LogNormal continuous(const QLogNormal& m) {
    return {m.mu, m.sigma, m.base};
}

template <class Method>
concept Quantised = requires(const Method& method) {
    continuous(method);
};

template <class Method>
concept Real = requires(const Method& method) {
    { at(method, 0.5) } -> std::same_as<double>;
};

double lowest(const auto& real) {
    if constexpr (requires { real.low; }) {
        return real.low;
    } else {
        return std::is_same_v<decltype(real), const LogNormal&> ? 0.0 : std::numeric_limits<double>::lowest();
    }
}

double highest(const auto& real) {
    if constexpr (requires { real.high; }) {
        return real.high;
    } else {
        return std::numeric_limits<double>::max();
    }
}

/// Middle of the places that lead to the quantised value.
double middle_place(const auto& method, double value) {
    const auto real = continuous(method);
    const double low = place(real, value - method.q / 2);
    const double high = place(real, value + method.q / 2);
    return low + (high - low) / 2;
}

std::uint64_t integer_count(const UniformInt& m) noexcept {
    // One less than the number of integers, which may be 2^64.
    return static_cast<std::uint64_t>(m.high) - static_cast<std::uint64_t>(m.low);
}

std::int64_t integer_at(const UniformInt& m, double unit) noexcept {
    const std::uint64_t last = integer_count(m);
    const double steps = std::floor(unit * (static_cast<double>(last) + 1.0));
    const std::uint64_t offset = steps >= static_cast<double>(last) ? last : static_cast<std::uint64_t>(steps);
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(m.low) + offset);
}

double integer_place(const UniformInt& m, std::int64_t written) noexcept {
    const std::int64_t value = std::clamp(written, m.low, m.high);
    const std::uint64_t offset = static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(m.low);
    const double place = (static_cast<double>(offset) + 0.5) / (static_cast<double>(integer_count(m)) + 1.0);
    // With more than 2^51 integers the half is lost in rounding, and the value's places lie a few steps aside.
    double below = place;
    double above = place;
    for (int step = 0; step < 4; ++step) {
        for (const double near : {below, above}) {
            if (integer_at(m, near) == value) {
                return near;
            }
        }
        below = std::nextafter(below, 0.0);
        above = std::nextafter(above, 1.0);
    }
    return place;
}

std::uint32_t category_at(const Categorical& m, double unit) noexcept {
    const auto index = static_cast<std::uint32_t>(unit * static_cast<double>(m.categories.size()));
    return std::min(index, static_cast<std::uint32_t>(m.categories.size() - 1));
}

bool quantised_contains(const auto& method, double value) {
    constexpr double rounding = 4 * std::numeric_limits<double>::epsilon();
    const double distance = std::abs(value - quantise(value, method.q));
    const bool on_grid = distance <= std::max(1e-9 * method.q, rounding * std::abs(value));
    const auto real = continuous(method);
    const double slack = method.q / 4;
    return on_grid && value >= quantise(lowest(real), method.q) - slack &&
           value <= quantise(highest(real), method.q) + slack;
}

}  // namespace

Value quantile(const SamplingMethod& method, double unit) {
    const double u = clamp_unit(unit);
    return std::visit(Overloaded{
                          [&](const Categorical& m) -> Value { return Category{category_at(m, u)}; },
                          [](const Fixed&) -> Value { return Category{0}; },
                          [&](const UniformInt& m) -> Value { return integer_at(m, u); },
                          [&](const Quantised auto& m) -> Value { return quantise(at(continuous(m), u), m.q); },
                          [&](const Real auto& m) -> Value { return at(m, u) + 0.0; },
                      },
                      method);
}

double unit_of(const SamplingMethod& method, const Value& value) {
    return std::visit(Overloaded{
                          [&](const Categorical& m) {
                              return (std::get<Category>(value).index + 0.5) / static_cast<double>(m.categories.size());
                          },
                          [](const Fixed&) { return 0.5; },
                          [&](const UniformInt& m) { return integer_place(m, std::get<std::int64_t>(value)); },
                          [&](const Quantised auto& m) { return middle_place(m, std::get<double>(value)); },
                          [&](const Real auto& m) { return place(m, std::get<double>(value)); },
                      },
                      method);
}

bool contains(const SamplingMethod& method, const Value& value) {
    const auto* real = std::get_if<double>(&value);
    const auto* integer = std::get_if<std::int64_t>(&value);
    const auto* category = std::get_if<Category>(&value);
    const bool finite = real != nullptr && std::isfinite(*real);
    return std::visit(
        Overloaded{
            [&](const Categorical& m) { return category != nullptr && category->index < m.categories.size(); },
            [&](const Fixed&) { return category != nullptr && category->index == 0; },
            [&](const UniformInt& m) { return integer != nullptr && *integer >= m.low && *integer <= m.high; },
            [&](const Uniform& m) { return finite && *real >= m.low && *real <= m.high; },
            [&](const LogUniform& m) { return finite && *real >= m.low && *real <= m.high; },
            [&](const Normal&) { return finite; },
            [&](const LogNormal&) { return finite && *real > 0; },
            [&](const Quantised auto& m) { return finite && quantised_contains(m, *real); },
        },
        method);
}

Value canonical(const SamplingMethod& method, const Value& value) {
    return std::visit(Overloaded{
                          [&](const Quantised auto& m) -> Value { return quantise(std::get<double>(value), m.q); },
                          [&](const Real auto&) -> Value { return std::get<double>(value) + 0.0; },
                          [&](const auto&) -> Value { return value; },
                      },
                      method);
}

std::optional<std::uint64_t> cardinality(const SamplingMethod& method) {
    constexpr double most = 0x1.0p53;
    const auto steps = [](double low, double high, double q) -> std::optional<std::uint64_t> {
        const double count = std::round(high / q) - std::round(low / q) + 1.0;
        return count <= most ? std::optional{static_cast<std::uint64_t>(count)} : std::nullopt;
    };
    return std::visit(Overloaded{
                          [](const Categorical& m) { return std::optional<std::uint64_t>{m.categories.size()}; },
                          [](const Fixed&) { return std::optional<std::uint64_t>{1}; },
                          [](const UniformInt& m) -> std::optional<std::uint64_t> {
                              const std::uint64_t last = integer_count(m);
                              return static_cast<double>(last) < most ? std::optional{last + 1} : std::nullopt;
                          },
                          [&](const QUniform& m) { return steps(m.low, m.high, m.q); },
                          [&](const QLogUniform& m) { return steps(m.low, m.high, m.q); },
                          [](const auto&) { return std::optional<std::uint64_t>{}; },
                      },
                      method);
}

Value nth_value(const SamplingMethod& method, std::uint64_t index) {
    const auto multiple = [&](double low, double q) {
        return Value{(std::round(low / q) + static_cast<double>(index)) * q + 0.0};
    };
    return std::visit(Overloaded{
                          [&](const Categorical&) { return Value{Category{static_cast<std::uint32_t>(index)}}; },
                          [&](const UniformInt& m) {
                              return Value{static_cast<std::int64_t>(static_cast<std::uint64_t>(m.low) + index)};
                          },
                          [&](const QUniform& m) { return multiple(m.low, m.q); },
                          [&](const QLogUniform& m) { return multiple(m.low, m.q); },
                          [](const auto&) { return Value{Category{0}}; },
                      },
                      method);
}

std::string allowed_values(const SamplingMethod& method) {
    return std::visit(
        Overloaded{
            [](const Categorical& m) { return "one of " + nlohmann::json(m.categories).dump(); },
            [](const Fixed& m) { return "only " + m.value.dump(); },
            [](const Uniform& m) { return fmt::format("a number from {} to {}", m.low, m.high); },
            [](const UniformInt& m) { return fmt::format("a whole number from {} to {}", m.low, m.high); },
            [](const QUniform& m) { return fmt::format("a multiple of {} from {} to {}", m.q, m.low, m.high); },
            [](const LogUniform& m) { return fmt::format("a number from {} to {}", m.low, m.high); },
            [](const QLogUniform& m) { return fmt::format("a multiple of {} from {} to {}", m.q, m.low, m.high); },
            [](const Normal&) { return std::string{"a number"}; },
            [](const QNormal& m) { return fmt::format("a multiple of {}", m.q); },
            [](const LogNormal&) { return std::string{"a number above 0"}; },
            [](const QLogNormal& m) { return fmt::format("a multiple of {} from 0", m.q); },
        },
        method);
}

}  // namespace hpogrid::space
