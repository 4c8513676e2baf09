#include "engine/schedulers/mutation.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

namespace hpogrid::schedulers {

using nlohmann::json;
using space::Value;

namespace {

constexpr std::string_view key = "hyperparam_mutations";

}  // namespace

Mutation::Mutation(const space::Space& space, const json& mutations, Options options, std::string_view owner)
    : space_{space}, options_{std::move(options)} {
    if (mutations.is_null()) {
        for (std::size_t i = 0; i < space.parameters().size(); ++i) {
            if (may_change(space.parameters()[i])) {
                genes_.push_back(whole_gene(i));
            }
        }
        return;
    }
    for (const auto& [name, allowed] : mutations.items()) {
        genes_.push_back(read_gene(changeable_parameter(space, name, {key, owner}), allowed, owner));
    }
}

Mutation::Gene Mutation::whole_gene(std::size_t index) const {
    const space::SamplingMethod& method = space_.parameters()[index].method;
    Gene gene{.parameter = index, .values = {}, .range = {}};
    if (const auto* categorical = std::get_if<space::Categorical>(&method)) {
        for (std::uint32_t category = 0; category < categorical->categories.size(); ++category) {
            gene.values.emplace_back(space::Category{category});
        }
    } else {
        gene.range.emplace(method);
    }
    return gene;
}

Mutation::Gene Mutation::read_gene(std::size_t index, const json& allowed, std::string_view owner) const {
    const space::Parameter& parameter = space_.parameters()[index];
    const Naming naming{key, owner};
    Gene gene = whole_gene(index);
    const char* const forms =
        gene.range ? "a list of values, an object with 'low' and 'high', or {}" : "a list of categories, or {}";
    if (allowed.is_array() && !allowed.empty()) {
        gene = {.parameter = index, .values = {}, .range = {}};
        for (const json& value : allowed) {
            gene.values.push_back(read_value(parameter, value, naming));
        }
        return gene;
    }
    const auto is_form = [&](const auto& item) { return gene.range && (item.key() == "low" || item.key() == "high"); };
    const auto items = allowed.items();
    if (!allowed.is_object() || !std::all_of(items.begin(), items.end(), is_form)) {
        refuse(naming, parameter.name, allowed, forms);
    }
    if (!allowed.empty()) {
        const auto bound = [&](const char* which, double share) {
            const auto given = allowed.find(which);
            return given == allowed.end() ? gene.range->at(share) : read_value(parameter, *given, naming);
        };
        const Value low = bound("low", 0.0);
        const Value high = bound("high", 1.0);
        if (number_of(low) > number_of(high)) {
            refuse(naming, parameter.name, allowed, "'low' at most 'high'");
        }
        gene.range.emplace(parameter.method, low, high);
    }
    return gene;
}

space::Point Mutation::explore(TrialId, TrialId, const space::Point& point, RandomStream& random) {
    space::Point changed = with_absent_drawn(space_, point, random);
    for (const Gene& gene : genes_) {
        changed[gene.parameter] = mutate(gene, changed[gene.parameter], random);
    }
    space_.apply_conditions(changed);
    return changed;
}

std::vector<std::string> Mutation::names() const {
    std::vector<std::string> names;
    for (const Gene& gene : genes_) {
        names.push_back(space_.parameters()[gene.parameter].name);
    }
    return names;
}

Value Mutation::mutate(const Gene& gene, const Value& value, RandomStream& random) const {
    const bool resample = random.uniform() < options_.resample_probability;
    if (gene.range) {
        return resample
                   ? gene.range->at(random.uniform())
                   : gene.range->nearest(number_of(value) * options_.factors[random.below(options_.factors.size())]);
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

}  // namespace hpogrid::schedulers
