#include "engine/config/search_space.hpp"

#include "engine/config/fields.hpp"
#include "engine/config/rules.hpp"
#include "engine/config/sampling_methods.hpp"
#include "engine/space/space.hpp"
#include "engine/space/validation.hpp"

namespace hpogrid::config {
namespace {

constexpr std::string_view space_form =
    "an object {\"<hyperparameter>\": {\"method\": …, \"dimension\": {…}}, …} with at least one hyperparameter";

/// One hyperparameter as it is written.
struct Definition {
    std::string method;
    nlohmann::json dimension;
    std::vector<space::Condition> conditions;
};

std::vector<space::Condition> read_conditions(const Located& value) {
    constexpr std::string_view allowed = "an object {\"<other hyperparameter>\": [values], …}";
    if (!value.json().is_object()) {
        throw value.refusal("", allowed);
    }
    std::vector<space::Condition> conditions;
    for (const auto& [other, values] : value.json().items()) {
        NameRule{}.check_key(value, other);
        conditions.push_back({other, ListRule{}(value.member(other))});
    }
    return conditions;
}

Field<Definition> condition_field() {
    Field<Definition> field{.name = "condition", .allowed = "an object", .meaning = ""};
    field.read = [](const Located& value, Definition& definition) { definition.conditions = read_conditions(value); };
    return field;
}

space::Parameter read_parameter(const std::string& name, const Located& value,
                                const std::vector<MethodEntry>& methods) {
    if (!value.json().is_object()) {
        throw value.refusal("", "an object {\"method\": …, \"dimension\": {…}}");
    }
    ChoiceRule method_rule;
    for (const MethodEntry& entry : methods) {
        method_rule.names.push_back(entry.name);
    }
    Definition definition;
    read_fields<Definition>(
        {field("method", &Definition::method, method_rule, "").as_required(),
         field("dimension", &Definition::dimension, ObjectRule{}, "").as_required(), condition_field()},
        value, definition);
    for (const MethodEntry& entry : methods) {
        if (entry.name == definition.method) {
            const Located dimension = value.member("dimension").with(definition.dimension);
            return {name, entry.read(dimension), std::move(definition.conditions)};
        }
    }
    throw value.member("method").refusal("", method_rule.allowed());
}

std::vector<space::Parameter> read_parameters(const Located& object) {
    if (object.json().empty()) {
        throw object.refusal("there is nothing to optimise", space_form);
    }
    const std::vector<MethodEntry> methods = sampling_methods();
    std::vector<space::Parameter> parameters;
    for (const auto& [name, definition] : object.json().items()) {
        NameRule{}.check_key(object, name);
        const Located value = object.member(name);
        parameters.push_back(read_parameter(name, value, methods));
        try {
            space::check(parameters.back());
        } catch (const InputError& error) {
            throw value.problem(error.what());
        }
    }
    return parameters;
}

}  // namespace

std::vector<space::Parameter> read_search_space(const Located& value) {
    std::vector<space::Parameter> parameters;
    with_object(value, space_form, [&](const Located& object) { parameters = read_parameters(object); });
    try {
        // Conditions are checked where all parameters meet.
        static_cast<void>(space::Space{parameters});
    } catch (const InputError& error) {
        throw value.problem(error.what());
    }
    return parameters;
}

}  // namespace hpogrid::config
