#include "engine/config/sampling_methods.hpp"

#include "engine/config/fields.hpp"
#include "engine/config/rules.hpp"

#include <numbers>

namespace hpogrid::config {
namespace {

using namespace space;

/// `initial` holds the defaults of keys that are not required.
template <class Method>
MethodEntry method(std::string_view name, std::string_view meaning, Method initial, std::vector<Field<Method>> fields) {
    MethodEntry entry{.name = name, .meaning = meaning, .keys = {}, .read = {}};
    for (const Field<Method>& field : fields) {
        entry.keys.push_back(
            {field.name, field.allowed, field.required ? "" : field.show_default(initial), field.meaning});
    }
    entry.read = [initial, fields](const Located& dimension) -> SamplingMethod {
        Method result = initial;
        read_fields(fields, dimension, result);
        return result;
    };
    return entry;
}

template <class Method>
Field<Method> real(std::string_view name, double Method::*member, std::string_view meaning) {
    return field(name, member, NumberRule{}, meaning).as_required();
}

template <class Method>
Field<Method> low() {
    return real("low", &Method::low, "Smallest value");
}

template <class Method>
Field<Method> high() {
    return real("high", &Method::high, "Largest value");
}

template <class Method>
Field<Method> step() {
    return real("q", &Method::q, "Values are multiples of it");
}

template <class Method>
Field<Method> mean() {
    return real("mu", &Method::mu, "Mean of the normal distribution");
}

template <class Method>
Field<Method> deviation() {
    return real("sigma", &Method::sigma, "Standard deviation of the normal distribution");
}

template <class Method>
Field<Method> base(std::string_view meaning) {
    return field("base", &Method::base, NumberRule{}, meaning);
}

constexpr std::string_view base_of_range = "Base of the logarithm; the distribution does not depend on it";
constexpr std::string_view base_of_power = "Base of the power; e by default";

MethodEntry uniform_integer() {
    using M = UniformInt;
    return method<M>("uniformint", "Integer from low to high, both included", M{0, 0},
                     {field("low", &M::low, IntegerRule{}, "Smallest value").as_required(),
                      field("high", &M::high, IntegerRule{}, "Largest value").as_required()});
}

MethodEntry categorical() {
    using M = Categorical;
    return method<M>("categorical", "One of the categories, each equally likely", M{},
                     {field("categories", &M::categories, ListRule{}, "The values").as_required(),
                      field("grid_search", &M::grid_search, FlagRule{},
                            "Whether the algorithm `grid` tries every value, crossed with those of the others")});
}

}  // namespace

std::vector<MethodEntry> sampling_methods() {
    constexpr double e = std::numbers::e;
    return {
        categorical(),
        method<Uniform>("uniform", "Real number between low and high", Uniform{0, 0},
                        {low<Uniform>(), high<Uniform>()}),
        uniform_integer(),
        method<QUniform>("quniform", "round(uniform(low, high) / q) * q", QUniform{0, 0, 0},
                         {low<QUniform>(), high<QUniform>(), step<QUniform>()}),
        method<LogUniform>("loguniform", "Real number between low and high whose logarithm is uniform",
                           LogUniform{0, 0, 10},
                           {low<LogUniform>(), high<LogUniform>(), base<LogUniform>(base_of_range)}),
        method<QLogUniform>(
            "qloguniform", "round(loguniform(low, high) / q) * q", QLogUniform{0, 0, 10, 0},
            {low<QLogUniform>(), high<QLogUniform>(), base<QLogUniform>(base_of_range), step<QLogUniform>()}),
        method<Normal>("normal", "Normally distributed real number", Normal{0, 0},
                       {mean<Normal>(), deviation<Normal>()}),
        method<QNormal>("qnormal", "round(normal(mu, sigma) / q) * q", QNormal{0, 0, 0},
                        {mean<QNormal>(), deviation<QNormal>(), step<QNormal>()}),
        method<LogNormal>("lognormal", "base to the power of normal(mu, sigma)", LogNormal{0, 0, e},
                          {mean<LogNormal>(), deviation<LogNormal>(), base<LogNormal>(base_of_power)}),
        method<QLogNormal>(
            "qlognormal", "round(lognormal(mu, sigma) / q) * q", QLogNormal{0, 0, e, 0},
            {mean<QLogNormal>(), deviation<QLogNormal>(), base<QLogNormal>(base_of_power), step<QLogNormal>()}),
        method<Fixed>("fixed", "Always this value", Fixed{},
                      {field("value", &Fixed::value, AnyRule{}, "The value").as_required()}),
    };
}

}  // namespace hpogrid::config
