#include "engine/optimizers/surrogates/process_surrogate.hpp"

#include <utility>

namespace hpogrid::optimizers {

ProcessSurrogate::ProcessSurrogate(const FeatureMap& map, const TrialHistory& history, TrialModelOptions options,
                                   std::uint64_t seed)
    : model_{map, history, std::move(options), seed} {}

bool ProcessSurrogate::update(RandomStream& /*random*/) {
    if (!model_.update()) {
        return false;
    }
    model_.imagine_pending();
    return true;
}

Eigen::VectorXd ProcessSurrogate::mean(const Eigen::MatrixXd& features) const {
    return model_.process().predict_mean(features).row(0);
}

std::unique_ptr<Acquisition> ProcessSurrogate::acquisition(const PointwiseCriterion& criterion) const {
    return std::make_unique<ProcessAcquisition>(model_.process(), criterion);
}

MaximizerLimits ProcessSurrogate::limits() const {
    return affordable_limits(model_.process().size());
}

}  // namespace hpogrid::optimizers
