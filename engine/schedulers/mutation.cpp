#include "engine/schedulers/mutation.hpp"

#include "engine/core/error.hpp"
#include "engine/core/nearest.hpp"
#include "engine/space/quantile.hpp"
#include "engine/space/value_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace hpogrid::schedulers {
namespace {

using nlohmann::json;
using space::Value;

bool may_change(const space::Parameter& parameter) {
    return !std::holds_alternative<space::Fixed>(parameter.method);
}

[[noreturn]] void refuse(std::string_view owner, std::string_view name, const json& value, const std::string& allowed) {
    throw InputError{fmt::format("scheduler_param key 'hyperparam_mutations.{}' of '{}' is {}, allowed: {}", name,
                                 owner, value.dump(), allowed)};
}

Value read_value(const space::Parameter& parameter, const json& value, std::string_view owner) {
    const auto read = space::from_json(parameter.method, value);
    if (!read) {
        refuse(owner, parameter.name, value, space::allowed_values(parameter.method));
    }
    return *read;
}

std::vector<Value> categories(const space::Parameter& parameter) {
    std::vector<Value> values;
    if (const auto* categorical = std::get_if<space::Categorical>(&parameter.method)) {
        for (std::uint32_t index = 0; index < categorical->categories.size(); ++index) {
            values.emplace_back(space::Category{index});
        }
    }
    return values;
}

double number_of(const Value& value) {
    const auto* integer = std::get_if<std::int64_t>(&value);
    return integer != nullptr ? static_cast<double>(*integer) : std::get<double>(value);
}

/// The number as the method's kind of value, without regard to its range.
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

}  // namespace

Mutation::Mutation(const space::Space& space, const json& mutations, Options options, std::string_view owner)
    : space_{space}, options_{std::move(options)} {
    const auto parameters = space.parameters();
    if (mutations.is_null()) {
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            if (may_change(parameters[i])) {
                add_gene(i, json::object(), owner);
            }
        }
        return;
    }
    std::vector<std::string_view> known;
    for (const space::Parameter& parameter : parameters) {
        if (may_change(parameter)) {
            known.push_back(parameter.name);
        }
    }
    for (const auto& [name, allowed] : mutations.items()) {
        const auto found = std::ranges::find(parameters, name, &space::Parameter::name);
        if (found == parameters.end() || !may_change(*found)) {
            throw InputError{fmt::format(
                "scheduler_param key 'hyperparam_mutations' of '{}' has '{}' (no hyperparameter that can change){}, "
                "allowed: {}",
                owner, name, did_you_mean(name, known), join_names(known))};
        }
        add_gene(static_cast<std::size_t>(found - parameters.begin()), allowed, owner);
    }
}

void Mutation::add_gene(std::size_t index, const json& allowed, std::string_view owner) {
    const space::Parameter& parameter = space_.parameters()[index];
    Gene gene{.parameter = index, .values = categories(parameter)};
    const std::string forms = "a list of values, an object with 'low' and 'high', or {} for the whole search space";
    if (allowed.is_array() && !allowed.empty()) {
        gene.values.clear();
        for (const json& value : allowed) {
            gene.values.push_back(read_value(parameter, value, owner));
        }
    } else if (allowed.is_object()) {
        for (const auto& [key, bound] : allowed.items()) {
            if ((key != "low" && key != "high") || !gene.values.empty()) {
                refuse(owner, parameter.name, allowed, gene.values.empty() ? forms : "a list of categories, or {}");
            }
            (key == "low" ? gene.low : gene.high) =
                space::unit_of(parameter.method, read_value(parameter, bound, owner));
        }
        if (gene.low > gene.high) {
            refuse(owner, parameter.name, allowed, "'low' at most 'high'");
        }
    } else {
        refuse(owner, parameter.name, allowed, forms);
    }
    genes_.push_back(std::move(gene));
}

space::Point Mutation::operator()(const space::Point& point, RandomStream& random) const {
    std::vector<double> unit(space_.dimensions());
    for (double& place : unit) {
        place = random.uniform();
    }
    const space::Point fresh = space_.decode_unconditioned(unit);
    space::Point changed = point;
    for (std::size_t i = 0; i < changed.size(); ++i) {
        if (std::holds_alternative<space::Inactive>(changed[i])) {
            changed[i] = fresh[i];
        }
    }
    for (const Gene& gene : genes_) {
        changed[gene.parameter] = mutate(gene, changed[gene.parameter], random);
    }
    space_.apply_conditions(changed);
    return changed;
}

Value Mutation::mutate(const Gene& gene, const Value& value, RandomStream& random) const {
    const bool resample = random.uniform() < options_.resample_probability;
    if (gene.values.empty()) {
        const auto& method = space_.parameters()[gene.parameter].method;
        return resample ? space::quantile(method, gene.low + (gene.high - gene.low) * random.uniform())
                        : perturb(gene, value, random);
    }
    const auto found = std::ranges::find(gene.values, value);
    if (resample || found == gene.values.end()) {
        return gene.values[random.below(gene.values.size())];
    }
    const bool left = random.below(2) == 0;
    if (left) {
        return found == gene.values.begin() ? *found : *std::prev(found);
    }
    return std::next(found) == gene.values.end() ? *found : *std::next(found);
}

Value Mutation::perturb(const Gene& gene, const Value& value, RandomStream& random) const {
    const auto& method = space_.parameters()[gene.parameter].method;
    const double factor = options_.factors[random.below(options_.factors.size())];
    const Value moved = as_value(method, number_of(value) * factor);
    const double low = number_of(space::quantile(method, gene.low));
    const double high = number_of(space::quantile(method, gene.high));
    if (number_of(moved) < low) {
        return space::quantile(method, gene.low);
    }
    return number_of(moved) > high ? space::quantile(method, gene.high) : moved;
}

}  // namespace hpogrid::schedulers
