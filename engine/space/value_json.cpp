#include "engine/space/value_json.hpp"

#include "engine/core/overloaded.hpp"
#include "engine/space/quantile.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace hpogrid::space {

using nlohmann::json;

json to_json(const SamplingMethod& method, const Value& value) {
    return std::visit(Overloaded{
                          [](Inactive) { return json{}; },
                          [](double real) { return json(real); },
                          [](std::int64_t integer) { return json(integer); },
                          [&](Category category) {
                              const auto* listed = std::get_if<Categorical>(&method);
                              return listed != nullptr ? listed->categories.at(category.index)
                                                       : std::get<Fixed>(method).value;
                          },
                      },
                      value);
}

namespace {

std::optional<Value> integer_from(const json& written) {
    if (written.is_number_unsigned() && written.get<std::uint64_t>() > std::uint64_t{INT64_MAX}) {
        return std::nullopt;
    }
    if (written.is_number_integer()) {
        return Value{written.get<std::int64_t>()};
    }
    const double real = written.is_number() ? written.get<double>() : std::nan("");
    const bool whole = std::trunc(real) == real && std::abs(real) < 0x1.0p63;
    return whole ? std::optional{Value{static_cast<std::int64_t>(real)}} : std::nullopt;
}

}  // namespace

std::optional<Value> from_json(const SamplingMethod& method, const json& written) {
    std::optional<Value> value;
    if (const auto* categorical = std::get_if<Categorical>(&method)) {
        const auto found = std::ranges::find(categorical->categories, written);
        if (found != categorical->categories.end()) {
            value = Category{static_cast<std::uint32_t>(found - categorical->categories.begin())};
        }
    } else if (const auto* fixed = std::get_if<Fixed>(&method)) {
        value = fixed->value == written ? std::optional{Value{Category{0}}} : std::nullopt;
    } else if (std::holds_alternative<UniformInt>(method)) {
        value = integer_from(written);
    } else if (written.is_number()) {
        value = written.get<double>();
    }
    return value && contains(method, *value) ? std::optional{canonical(method, *value)} : std::nullopt;
}

}  // namespace hpogrid::space
