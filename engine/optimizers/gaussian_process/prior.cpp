#include "engine/optimizers/gaussian_process/prior.hpp"

#include "engine/core/overloaded.hpp"

#include <cmath>

namespace hpogrid::optimizers {

LogDensity log_density(const Prior& prior, double x) {
    const double log_x = std::log(x);
    return std::visit(Overloaded{
                          [](FlatPrior) {
                              return LogDensity{0.0, 0.0};
                          },
                          [&](LogNormalPrior p) {
                              const double z = (log_x - p.mu) / p.sigma;
                              return LogDensity{-0.5 * z * z - log_x, -z / p.sigma - 1.0};
                          },
                          [&](GammaPrior p) {
                              return LogDensity{(p.shape - 1.0) * log_x - p.rate * x, p.shape - 1.0 - p.rate * x};
                          },
                      },
                      prior);
}

}  // namespace hpogrid::optimizers
