#include "engine/space/validation.hpp"

#include "engine/core/error.hpp"
#include "engine/core/overloaded.hpp"

#include <fmt/format.h>

#include <cmath>

namespace hpogrid::space {
namespace {

void check_finite(std::string_view name, double value) {
    if (!std::isfinite(value)) {
        throw InputError{fmt::format("dimension '{}' is {}, allowed: a finite number", name, value)};
    }
}

void check_range(auto low, auto high) {
    check_finite("low", static_cast<double>(low));
    check_finite("high", static_cast<double>(high));
    if (!(low < high)) {
        throw InputError{fmt::format("dimension 'low' is {} (not below 'high' = {}), allowed: low < high", low, high)};
    }
}

void check_positive(std::string_view name, double value) {
    check_finite(name, value);
    if (!(value > 0)) {
        throw InputError{fmt::format("dimension '{}' is {}, allowed: a number above 0", name, value)};
    }
}

void check_base(double base) {
    check_positive("base", base);
    if (base == 1.0) {
        throw InputError{"dimension 'base' is 1, allowed: a number above 0 other than 1"};
    }
}

void check_normal(double mu, double sigma) {
    check_finite("mu", mu);
    check_positive("sigma", sigma);
}

void check_categories(const Categorical& method) {
    if (method.categories.empty()) {
        throw InputError{"dimension 'categories' is empty, allowed: a list of one or more values"};
    }
    for (std::size_t i = 0; i < method.categories.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (method.categories[i] == method.categories[j]) {
                throw InputError{fmt::format("dimension 'categories' holds {} twice, allowed: different values",
                                             method.categories[i].dump())};
            }
        }
    }
}

}  // namespace

void check(const Parameter& parameter) {
    std::visit(Overloaded{
                   [](const Categorical& m) { check_categories(m); },
                   [](const Fixed&) {},
                   [](const Uniform& m) { check_range(m.low, m.high); },
                   [](const UniformInt& m) {
                       if (m.low > m.high) {
                           throw InputError{fmt::format(
                               "dimension 'low' is {} (above 'high' = {}), allowed: low < high, or both equal", m.low,
                               m.high)};
                       }
                   },
                   [](const QUniform& m) {
                       check_range(m.low, m.high);
                       check_positive("q", m.q);
                   },
                   [](const LogUniform& m) {
                       check_positive("low", m.low);
                       check_range(m.low, m.high);
                       check_base(m.base);
                   },
                   [](const QLogUniform& m) {
                       check_positive("low", m.low);
                       check_range(m.low, m.high);
                       check_base(m.base);
                       check_positive("q", m.q);
                   },
                   [](const Normal& m) { check_normal(m.mu, m.sigma); },
                   [](const QNormal& m) {
                       check_normal(m.mu, m.sigma);
                       check_positive("q", m.q);
                   },
                   [](const LogNormal& m) {
                       check_normal(m.mu, m.sigma);
                       check_base(m.base);
                   },
                   [](const QLogNormal& m) {
                       check_normal(m.mu, m.sigma);
                       check_base(m.base);
                       check_positive("q", m.q);
                   },
               },
               parameter.method);
}

}  // namespace hpogrid::space
