#include "engine/schedulers/hyperparameter_range.hpp"

#include "engine/core/error.hpp"
#include "engine/core/nearest.hpp"
#include "engine/space/quantile.hpp"
#include "engine/space/value_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <type_traits>
#include <vector>

namespace hpogrid::schedulers {

using nlohmann::json;
using space::Value;

namespace {

template <class Method>
concept Bounded = requires(Method method) {
    method.low;
    method.high;
};

template <class Method>
concept Logarithmic = requires(Method method) {
    method.base;
};

/// The number as the method's kind of value, on its grid, without regard to its range.
Value as_value(const space::SamplingMethod& method, double number) {
    if (std::holds_alternative<space::UniformInt>(method)) {
        return static_cast<std::int64_t>(std::trunc(number));
    }
    return std::visit(
        [&](const auto& one) -> Value {
            if constexpr (requires { one.q; }) {
                return std::round(number / one.q) * one.q;
            } else {
                return number;
            }
        },
        method);
}

/// The same method with bounds that include the number, where it can give such numbers at all.
space::SamplingMethod stretched(space::SamplingMethod method, double number) {
    std::visit(
        [&]<class Method>(Method& bounded) {
            if constexpr (std::is_same_v<Method, space::UniformInt>) {
                bounded = {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};
            } else if constexpr (Bounded<Method>) {
                if (std::isfinite(number) && (number > 0 || !Logarithmic<Method>)) {
                    bounded.low = std::min(bounded.low, number);
                    bounded.high = std::max(bounded.high, number);
                }
            }
        },
        method);
    return method;
}

std::string allowed_numbers(const space::SamplingMethod& method) {
    return std::visit(
        [&]<class Method>(const Method& one) -> std::string {
            if constexpr (!Bounded<Method>) {
                return space::allowed_values(method);
            } else if constexpr (requires { one.q; }) {
                return fmt::format("a multiple of {}{}", one.q, Logarithmic<Method> ? " above 0" : "");
            } else if constexpr (std::is_same_v<Method, space::UniformInt>) {
                return "a whole number";
            } else {
                return Logarithmic<Method> ? "a number above 0" : "a number";
            }
        },
        method);
}

}  // namespace

HyperparameterRange::HyperparameterRange(const space::SamplingMethod& method, const Value& low, const Value& high)
    : method_{method} {
    std::visit(
        [&]<class Method>(Method& bounded) {
            if constexpr (Bounded<Method>) {
                using Bound = decltype(bounded.low);
                bounded.low = std::get<Bound>(low);
                bounded.high = std::get<Bound>(high);
            } else {
                low_ = space::unit_of(method, low);
                high_ = space::unit_of(method, high);
            }
        },
        method_);
}

Value HyperparameterRange::at(double share) const {
    return space::quantile(method_, low_ + (high_ - low_) * share);
}

double HyperparameterRange::share_of(const Value& value) const {
    const double place = space::unit_of(method_, nearest(number_of(value)));
    return high_ > low_ ? std::clamp((place - low_) / (high_ - low_), 0.0, 1.0) : 0.5;
}

Value HyperparameterRange::nearest(double number) const {
    const Value low = at(0.0);
    const Value high = at(1.0);
    if (!(number >= number_of(low))) {
        return low;
    }
    return number > number_of(high) ? high : as_value(method_, number);
}

double number_of(const Value& value) {
    const auto* integer = std::get_if<std::int64_t>(&value);
    return integer != nullptr ? static_cast<double>(*integer) : std::get<double>(value);
}

void refuse(const Naming& naming, std::string_view name, const json& value, std::string_view allowed) {
    throw InputError{fmt::format("scheduler_param key '{}.{}' of '{}' is {}, allowed: {}", naming.key, name,
                                 naming.owner, value.dump(), allowed)};
}

bool may_change(const space::Parameter& parameter) {
    return !std::holds_alternative<space::Fixed>(parameter.method);
}

std::size_t changeable_parameter(const space::Space& space, std::string_view name, const Naming& naming) {
    std::vector<std::string_view> known;
    for (const space::Parameter& parameter : space.parameters()) {
        if (!may_change(parameter)) {
            continue;
        }
        if (parameter.name == name) {
            return static_cast<std::size_t>(&parameter - space.parameters().data());
        }
        known.push_back(parameter.name);
    }
    throw InputError{
        fmt::format("scheduler_param key '{}' of '{}' has '{}' (no hyperparameter that can change){}, allowed: {}",
                    naming.key, naming.owner, name, did_you_mean(name, known), join_names(known))};
}

space::Point with_absent_drawn(const space::Space& space, space::Point point, RandomStream& random) {
    std::vector<double> unit(space.dimensions());
    for (double& place : unit) {
        place = random.uniform();
    }
    const space::Point drawn = space.decode_unconditioned(unit);
    for (std::size_t i = 0; i < point.size(); ++i) {
        if (std::holds_alternative<space::Inactive>(point[i])) {
            point[i] = drawn[i];
        }
    }
    return point;
}

Value read_value(const space::Parameter& parameter, const json& written, const Naming& naming) {
    const double number = written.is_number() ? written.get<double>() : std::nan("");
    const auto value = space::from_json(stretched(parameter.method, number), written);
    if (!value) {
        refuse(naming, parameter.name, written, allowed_numbers(parameter.method));
    }
    return *value;
}

}  // namespace hpogrid::schedulers
