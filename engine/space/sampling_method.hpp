#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <variant>
#include <vector>

namespace hpogrid::space {

// The sampling methods of the seed's README, section "Search Space Configuration", with its names and arguments.
// Each is plain data that has been checked by make_…/the configuration reader; `quantile.hpp` gives them meaning.

/// One of the listed values, each equally likely. With `grid_search`, every value is to be tried once.
struct Categorical {
    std::vector<nlohmann::json> categories;
    bool grid_search{false};
};

/// Always this value; takes no dimension of the unit cube.
struct Fixed {
    nlohmann::json value;
};

/// Real in [low, high].
struct Uniform {
    double low;
    double high;
};

/// Integer in {low, …, high}, both included.
struct UniformInt {
    std::int64_t low;
    std::int64_t high;
};

/// round(uniform(low, high) / q) · q
struct QUniform {
    double low;
    double high;
    double q;
};

/// Real in [low, high] whose logarithm is uniform. `low` and `high` are values, not exponents, as in the seed's
/// examples; the distribution does not depend on `base`.
struct LogUniform {
    double low;
    double high;
    double base;
};

/// round(loguniform(low, high) / q) · q
struct QLogUniform {
    double low;
    double high;
    double base;
    double q;
};

struct Normal {
    double mu;
    double sigma;
};

/// round(normal(mu, sigma) / q) · q
struct QNormal {
    double mu;
    double sigma;
    double q;
};

/// base ^ normal(mu, sigma)
struct LogNormal {
    double mu;
    double sigma;
    double base;
};

/// round(base ^ normal(mu, sigma) / q) · q
struct QLogNormal {
    double mu;
    double sigma;
    double base;
    double q;
};

using SamplingMethod = std::variant<Categorical, Fixed, Uniform, UniformInt, QUniform, LogUniform, QLogUniform, Normal,
                                    QNormal, LogNormal, QLogNormal>;

}  // namespace hpogrid::space
