#include "engine/space/space.hpp"

#include "engine/core/error.hpp"
#include "engine/core/nearest.hpp"
#include "engine/space/quantile.hpp"
#include "engine/space/value_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace hpogrid::space {
namespace {

constexpr double inactive_place = 0.5;

bool has_dimension(const Parameter& parameter) noexcept {
    return !std::holds_alternative<Fixed>(parameter.method);
}

std::vector<std::string_view> names(std::span<const Parameter> parameters) {
    std::vector<std::string_view> all;
    for (const Parameter& parameter : parameters) {
        all.emplace_back(parameter.name);
    }
    return all;
}

bool is_continuous(const SamplingMethod& method) noexcept {
    return std::holds_alternative<Uniform>(method) || std::holds_alternative<LogUniform>(method) ||
           std::holds_alternative<Normal>(method) || std::holds_alternative<LogNormal>(method);
}

}  // namespace

Space::Space(std::vector<Parameter> parameters) : parameters_{std::move(parameters)} {
    std::unordered_set<std::string_view> seen;
    for (const Parameter& parameter : parameters_) {
        if (!seen.insert(parameter.name).second) {
            throw InputError{fmt::format("hyperparameter '{}' is defined twice, allowed: once", parameter.name)};
        }
        dimensions_ += has_dimension(parameter) ? 1 : 0;
    }
    dependencies_.resize(parameters_.size());
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        for (const Condition& condition : parameters_[i].conditions) {
            dependencies_[i].push_back(resolve(parameters_[i], condition));
        }
    }
    order_by_dependency();
}

Space::Dependency Space::resolve(const Parameter& parameter, const Condition& condition) const {
    const auto parent = std::ranges::find(parameters_, condition.parameter, &Parameter::name);
    const auto refuse = [&](const std::string& what) {
        throw InputError{fmt::format("condition of hyperparameter '{}' {}", parameter.name, what)};
    };
    if (parent == parameters_.end()) {
        const auto known = names(parameters_);
        refuse(fmt::format("names '{}', which is no hyperparameter{}, allowed: {}", condition.parameter,
                           did_you_mean(condition.parameter, known), join_names(known)));
    }
    if (is_continuous(parent->method)) {
        refuse(fmt::format("names '{}', whose values are real numbers, allowed: one with countable values",
                           condition.parameter));
    }
    if (condition.values.empty()) {
        refuse(fmt::format("on '{}' lists no value, allowed: {}", condition.parameter, allowed_values(parent->method)));
    }
    Dependency dependency{static_cast<std::size_t>(parent - parameters_.begin()), {}};
    for (const nlohmann::json& written : condition.values) {
        const auto value = from_json(parent->method, written);
        if (!value) {
            refuse(fmt::format("lists {} for '{}', allowed: {}", written.dump(), condition.parameter,
                               allowed_values(parent->method)));
        }
        dependency.values.push_back(*value);
    }
    return dependency;
}

std::size_t Space::member_of_circle(const std::vector<bool>& placed) const {
    auto member = static_cast<std::size_t>(std::ranges::find(placed, false) - placed.begin());
    // What is not placed has a parent that is not; after as many steps as there are parameters we go round in a circle.
    for (std::size_t step = 0; step < parameters_.size(); ++step) {
        member = std::ranges::find_if(dependencies_[member], [&](const auto& d) { return !placed[d.parent]; })->parent;
    }
    return member;
}

void Space::order_by_dependency() {
    std::vector<bool> placed(parameters_.size(), false);
    while (order_.size() < parameters_.size()) {
        const std::size_t before = order_.size();
        for (std::size_t i = 0; i < parameters_.size(); ++i) {
            const bool ready = std::ranges::all_of(dependencies_[i], [&](const auto& d) { return placed[d.parent]; });
            if (!placed[i] && ready) {
                placed[i] = true;
                order_.push_back(i);
            }
        }
        if (order_.size() == before) {
            throw InputError{fmt::format("condition of hyperparameter '{}' depends on itself, allowed: no circles",
                                         parameters_[member_of_circle(placed)].name)};
        }
    }
}

std::size_t Space::dimensions() const noexcept {
    return dimensions_;
}

Point Space::decode(std::span<const double> unit) const {
    Point point = decode_unconditioned(unit);
    apply_conditions(point);
    return point;
}

Point Space::decode_unconditioned(std::span<const double> unit) const {
    Point point;
    point.reserve(parameters_.size());
    std::size_t dimension = 0;
    for (const Parameter& parameter : parameters_) {
        point.push_back(quantile(parameter.method, has_dimension(parameter) ? unit[dimension++] : inactive_place));
    }
    return point;
}

void Space::encode(const Point& point, std::span<double> unit) const {
    std::size_t dimension = 0;
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        if (has_dimension(parameters_[i])) {
            const bool inactive = std::holds_alternative<Inactive>(point[i]);
            unit[dimension++] = inactive ? inactive_place : unit_of(parameters_[i].method, point[i]);
        }
    }
}

void Space::apply_conditions(Point& point) const {
    for (const std::size_t i : order_) {
        const bool active = std::ranges::all_of(dependencies_[i], [&](const Dependency& dependency) {
            return std::ranges::find(dependency.values, point[dependency.parent]) != dependency.values.end();
        });
        if (!active) {
            point[i] = Inactive{};
        }
    }
}

nlohmann::json Space::configuration(const Point& point) const {
    nlohmann::json result = nlohmann::json::object();
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        if (!std::holds_alternative<Inactive>(point[i])) {
            result[parameters_[i].name] = to_json(parameters_[i].method, point[i]);
        }
    }
    return result;
}

Point Space::point(const nlohmann::json& configuration) const {
    if (!configuration.is_object()) {
        throw InputError{fmt::format("{} is no configuration, allowed: an object", configuration.dump())};
    }
    const auto known = names(parameters_);
    for (const auto& [name, value] : configuration.items()) {
        if (std::ranges::find(known, name) == known.end()) {
            throw InputError{fmt::format("key '{}' is no hyperparameter{}, allowed: {}", name,
                                         did_you_mean(name, known), join_names(known))};
        }
    }
    Point point(parameters_.size(), Inactive{});
    std::vector<bool> written(parameters_.size(), false);
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        const Parameter& parameter = parameters_[i];
        const auto found = configuration.find(parameter.name);
        if (found == configuration.end()) {
            // A fixed one goes without saying; any other is filled in to see whether it is active.
            point[i] = quantile(parameter.method, inactive_place);
            written[i] = std::holds_alternative<Fixed>(parameter.method);
            continue;
        }
        const auto value = from_json(parameter.method, *found);
        if (!value) {
            throw InputError{fmt::format("key '{}' is {}, allowed: {}", parameter.name, found->dump(),
                                         allowed_values(parameter.method))};
        }
        point[i] = *value;
        written[i] = true;
    }
    apply_conditions(point);
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        if (!written[i] && !std::holds_alternative<Inactive>(point[i])) {
            throw InputError{fmt::format("key '{}' is missing, allowed: {}", parameters_[i].name,
                                         allowed_values(parameters_[i].method))};
        }
    }
    return point;
}

std::optional<std::uint64_t> Space::cardinality() const {
    // With conditions this is an upper bound: inactive values are counted apart.
    constexpr double most = 0x1.0p53;
    std::uint64_t product = 1;
    for (const Parameter& parameter : parameters_) {
        const auto count = space::cardinality(parameter.method);
        if (!count || static_cast<double>(product) * static_cast<double>(*count) > most) {
            return std::nullopt;
        }
        product *= *count;
    }
    return product;
}

}  // namespace hpogrid::space
