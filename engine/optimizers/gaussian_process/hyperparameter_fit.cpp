#include "engine/optimizers/gaussian_process/hyperparameter_fit.hpp"

#include "engine/numerics/bounded_minimizer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

namespace hpogrid::optimizers {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

/// Between hyperparameters and the vector of logarithms that is searched: length-scales, amplitude, noise, without
/// those that are fixed.
class Parameters {
  public:
    explicit Parameters(const ProcessModel& model) : groups_{static_cast<Index>(model.kernel.group_count())} {
        for (Index group = 0; group < groups_; ++group) {
            add(model.length_scale);
        }
        add(model.amplitude);
        add(model.noise);
    }

    [[nodiscard]] Index free_count() const noexcept { return static_cast<Index>(free_.size()); }
    [[nodiscard]] VectorXd lower() const { return bounds(&HyperparameterBelief::lower); }
    [[nodiscard]] VectorXd upper() const { return bounds(&HyperparameterBelief::upper); }

    [[nodiscard]] VectorXd pack(const Hyperparameters& hyperparameters) const {
        VectorXd packed(free_count());
        for (Index i = 0; i < packed.size(); ++i) {
            packed(i) = std::log(value(hyperparameters, free_[static_cast<std::size_t>(i)]));
        }
        return packed;
    }
    [[nodiscard]] Hyperparameters unpack(const VectorXd& packed) const {
        Hyperparameters hyperparameters{VectorXd::Zero(groups_)};
        for (std::size_t which = 0; which < beliefs_.size(); ++which) {
            set(hyperparameters, which, beliefs_[which].lower);
        }
        for (Index i = 0; i < packed.size(); ++i) {
            const std::size_t which = free_[static_cast<std::size_t>(i)];
            // exp(log(bound)) may miss the bound by a rounding.
            set(hyperparameters, which, std::clamp(std::exp(packed(i)), beliefs_[which].lower, beliefs_[which].upper));
        }
        return hyperparameters;
    }
    /// −ln posterior and its gradient.
    [[nodiscard]] double objective(const Hyperparameters& hyperparameters, const MarginalLikelihood& likelihood,
                                   VectorXd& gradient) const {
        double log_posterior = likelihood.value;
        gradient.resize(free_count());
        for (Index i = 0; i < gradient.size(); ++i) {
            const std::size_t which = free_[static_cast<std::size_t>(i)];
            const auto [value, slope] = log_density(beliefs_[which].prior, this->value(hyperparameters, which));
            log_posterior += value;
            gradient(i) = -slope - likelihood_slope(likelihood, which);
        }
        return -log_posterior;
    }

  private:
    void add(const HyperparameterBelief& belief) {
        if (belief.lower < belief.upper) {
            free_.push_back(beliefs_.size());
        }
        beliefs_.push_back(belief);
    }
    [[nodiscard]] VectorXd bounds(double HyperparameterBelief::*which) const {
        VectorXd bounds(free_count());
        for (Index i = 0; i < bounds.size(); ++i) {
            bounds(i) = std::log(beliefs_[free_[static_cast<std::size_t>(i)]].*which);
        }
        return bounds;
    }
    [[nodiscard]] double value(const Hyperparameters& hyperparameters, std::size_t which) const {
        const auto index = static_cast<Index>(which);
        return index < groups_    ? hyperparameters.length_scales(index)
               : index == groups_ ? hyperparameters.amplitude
                                  : hyperparameters.noise;
    }
    void set(Hyperparameters& hyperparameters, std::size_t which, double value) const {
        const auto index = static_cast<Index>(which);
        (index < groups_    ? hyperparameters.length_scales(index)
         : index == groups_ ? hyperparameters.amplitude
                            : hyperparameters.noise) = value;
    }
    [[nodiscard]] double likelihood_slope(const MarginalLikelihood& likelihood, std::size_t which) const {
        const auto index = static_cast<Index>(which);
        return index < groups_    ? likelihood.log_scale_gradient(index)
               : index == groups_ ? likelihood.log_amplitude_slope
                                  : likelihood.log_noise_slope;
    }

    Index groups_;
    std::vector<HyperparameterBelief> beliefs_;
    std::vector<std::size_t> free_;  ///< which beliefs are not fixed
};

}  // namespace

Hyperparameters ProcessModel::initial() const {
    const auto groups = static_cast<Index>(kernel.group_count());
    return {VectorXd::Constant(groups, length_scale.initial), amplitude.initial, noise.initial};
}

FitResult fit_hyperparameters(const ProcessModel& model, const Eigen::MatrixXd& features, const VectorXd& targets,
                              std::span<const Hyperparameters> starts, const FitLimits& limits,
                              const VectorXd& doubts) {
    const Parameters parameters{model};
    LikelihoodEvaluator likelihood{model.kernel, model.mean, features, targets, doubts};
    FitResult best{
        parameters.unpack(parameters.pack(starts.front()).cwiseMax(parameters.lower()).cwiseMin(parameters.upper())),
        0.0, -std::numeric_limits<double>::infinity()};
    const numerics::SmoothFunction objective = [&](const VectorXd& packed, VectorXd& gradient) {
        const Hyperparameters hyperparameters = parameters.unpack(packed);
        const auto result = likelihood(hyperparameters);
        if (!result) {
            return std::numeric_limits<double>::infinity();
        }
        const double value = parameters.objective(hyperparameters, *result, gradient);
        if (-value > best.log_posterior) {
            best = {hyperparameters, result->mean, -value};
        }
        return value;
    };
    for (const Hyperparameters& start : starts) {
        if (parameters.free_count() == 0) {
            VectorXd none;
            static_cast<void>(objective(none, none));
            break;
        }
        static_cast<void>(numerics::minimize_bounded(objective, parameters.pack(start), parameters.lower(),
                                                     parameters.upper(),
                                                     {.evaluations = limits.evaluations,
                                                      .iterations = limits.iterations,
                                                      .gradient_tolerance = 1e-3,
                                                      .value_tolerance = 1e-6}));
    }
    return best;
}

}  // namespace hpogrid::optimizers
