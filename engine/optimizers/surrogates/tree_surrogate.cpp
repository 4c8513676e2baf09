#include "engine/optimizers/surrogates/tree_surrogate.hpp"

#include "engine/optimizers/forest/forest.hpp"
#include "engine/optimizers/forest/quantile_boosting.hpp"
#include "engine/optimizers/gaussian_process/trial_data.hpp"

namespace hpogrid::optimizers {
namespace {

using Eigen::Index;

PredictionAcquisition::Predictor grow(TreeSurrogate::Kind kind, const Eigen::MatrixXd& features,
                                      const Eigen::VectorXd& targets, RandomStream& random) {
    if (kind == TreeSurrogate::Kind::quantile_boosting) {
        return [model = QuantileBoosting{features, targets, {}, random}](const auto& at) { return model.predict(at); };
    }
    const bool extra = kind == TreeSurrogate::Kind::extra_trees;
    const ForestOptions options{
        .tree = {.thresholds = extra ? TreeOptions::Thresholds::random : TreeOptions::Thresholds::best},
        .bootstrap = !extra};
    return [model = Forest{features, targets, options, random}](const auto& at) { return model.predict(at); };
}

}  // namespace

TreeSurrogate::TreeSurrogate(const FeatureMap& map, const TrialHistory& history, Kind kind)
    : map_{map}, history_{history}, kind_{kind} {}

void TreeSurrogate::learn(const Observation& observation) {
    if (observation.kind == Observation::Kind::finished || observation.kind == Observation::Kind::failed) {
        ended_.push_back(observation.trial.value);
    }
}

bool TreeSurrogate::update(RandomStream& random) {
    if (!history_.best()) {
        return false;
    }
    const TrialTargets known = targets_of(history_, ended_, {});
    best_target_ = known.scale(history_.trials()[*history_.best()].score);
    std::vector<std::uint32_t> trials = ended_;
    trials.insert(trials.end(), history_.pending().begin(), history_.pending().end());
    Eigen::VectorXd targets = Eigen::VectorXd::Constant(static_cast<Index>(trials.size()), known.targets.maxCoeff());
    targets.head(known.targets.size()) = known.targets;
    predictor_ = grow(kind_, features_of(map_, history_, trials), targets, random);
    return true;
}

Eigen::VectorXd TreeSurrogate::mean(const Eigen::MatrixXd& features) const {
    return predictor_(features).mean.row(0);
}

std::unique_ptr<Acquisition> TreeSurrogate::acquisition(const PointwiseCriterion& criterion) const {
    return std::make_unique<PredictionAcquisition>(predictor_, criterion);
}

MaximizerLimits TreeSurrogate::limits() const {
    return {.quasi_random = 2000, .mutations = 500};
}

}  // namespace hpogrid::optimizers
