#include "engine/optimizers/gaussian_process/kernel.hpp"

#include <algorithm>
#include <cmath>

namespace hpogrid::optimizers {
namespace {

/// Calls `each` with the columns of both matrices, one by one, so that what a profile needs stays in the cache.
template <class Each>
void by_column(Eigen::Ref<Eigen::MatrixXd>& values, Eigen::Ref<Eigen::MatrixXd>& slopes, Each each) {
    for (Eigen::Index column = 0; column < values.cols(); ++column) {
        each(values.col(column).array(), slopes.col(column).array());
    }
}

}  // namespace

std::size_t Kernel::group_count() const noexcept {
    return groups.empty() ? 0 : *std::ranges::max_element(groups) + 1;
}

Eigen::VectorXd Kernel::inverse_scales(const Hyperparameters& hyperparameters) const {
    Eigen::VectorXd inverse(static_cast<Eigen::Index>(groups.size()));
    for (std::size_t feature = 0; feature < groups.size(); ++feature) {
        inverse(static_cast<Eigen::Index>(feature)) =
            1.0 / hyperparameters.length_scales(static_cast<Eigen::Index>(groups[feature]));
    }
    return inverse;
}

void Kernel::add_main_effects(const Eigen::VectorXd& inverse_scales, double amplitude,
                              const Eigen::Ref<const Eigen::MatrixXd>& a, const Eigen::Ref<const Eigen::MatrixXd>& b,
                              Eigen::Ref<Eigen::MatrixXd> covariances) const {
    if (main_effects.share == 0.0) {
        return;
    }
    const auto unscaled = [&](const Eigen::Ref<const Eigen::MatrixXd>& features) {
        Eigen::MatrixXd chosen(static_cast<Eigen::Index>(main_effects.features.size()), features.cols());
        for (Eigen::Index row = 0; row < chosen.rows(); ++row) {
            const auto feature = static_cast<Eigen::Index>(main_effects.features[static_cast<std::size_t>(row)]);
            chosen.row(row) = features.row(feature) / inverse_scales(feature);
        }
        return chosen;
    };
    Eigen::MatrixXd differences(covariances.rows(), covariances.cols());
    squared_distances(unscaled(a), unscaled(b), differences);
    const auto categories = static_cast<double>(main_effects.categories);
    covariances.array() += main_effects.share * amplitude * (1.0 - differences.array() / categories);
}

void squared_distances(const Eigen::Ref<const Eigen::MatrixXd>& a, const Eigen::Ref<const Eigen::MatrixXd>& b,
                       Eigen::Ref<Eigen::MatrixXd> result) {
    const Eigen::VectorXd norms_a = a.colwise().squaredNorm();
    const Eigen::RowVectorXd norms_b = b.colwise().squaredNorm();
    result.noalias() = -2.0 * a.transpose() * b;
    result.colwise() += norms_a;
    result.rowwise() += norms_b;
    result = result.cwiseMax(0.0);
}

void apply_profile(Smoothness smoothness, double amplitude, Eigen::Ref<Eigen::MatrixXd> squared) {
    for (Eigen::Index column = 0; column < squared.cols(); ++column) {
        auto r2 = squared.col(column).array();
        switch (smoothness) {
            case Smoothness::matern32:
                r2 = (3.0 * r2).sqrt();
                r2 = amplitude * (1.0 + r2) * (-r2).exp();
                break;
            case Smoothness::matern52:
                r2 = (5.0 * r2).sqrt();
                r2 = amplitude * (1.0 + r2 * (1.0 + r2 / 3.0)) * (-r2).exp();
                break;
            case Smoothness::rbf:
                r2 = amplitude * (-0.5 * r2).exp();
                break;
        }
    }
}

void apply_profile(Smoothness smoothness, double amplitude, Eigen::Ref<Eigen::MatrixXd> squared,
                   Eigen::Ref<Eigen::MatrixXd> slopes) {
    switch (smoothness) {
        case Smoothness::matern32:
            by_column(squared, slopes, [=](auto r2, auto slope) {
                r2 = (3.0 * r2).sqrt();
                slope = amplitude * (-r2).exp();
                r2 = slope * (1.0 + r2);
                slope *= -1.5;
            });
            break;
        case Smoothness::matern52:
            by_column(squared, slopes, [=](auto r2, auto slope) {
                r2 = (5.0 * r2).sqrt();
                slope = -5.0 / 6.0 * amplitude * (1.0 + r2) * (-r2).exp();
                r2 = -1.2 * slope * (1.0 + r2.square() / (3.0 * (1.0 + r2)));
            });
            break;
        case Smoothness::rbf:
            by_column(squared, slopes, [=](auto r2, auto slope) {
                r2 = amplitude * (-0.5 * r2).exp();
                slope = -0.5 * r2;
            });
            break;
    }
}

}  // namespace hpogrid::optimizers
