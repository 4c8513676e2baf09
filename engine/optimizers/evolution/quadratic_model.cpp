#include "engine/optimizers/evolution/quadratic_model.hpp"

#include <Eigen/Cholesky>
#include <Eigen/QR>

#include <cmath>

namespace hpogrid::optimizers {
namespace {

Eigen::VectorXd to_vector(std::span<const double> x) {
    return Eigen::Map<const Eigen::VectorXd>(x.data(), static_cast<Eigen::Index>(x.size()));
}

/// 1, x, and all products.
Eigen::RowVectorXd features(const Eigen::VectorXd& x) {
    const Eigen::Index d = x.size();
    Eigen::RowVectorXd row(1 + d + d * (d + 1) / 2);
    row[0] = 1.0;
    Eigen::Index column = 1;
    for (Eigen::Index i = 0; i < d; ++i) {
        row[column++] = x[i];
    }
    for (Eigen::Index i = 0; i < d; ++i) {
        for (Eigen::Index j = i; j < d; ++j) {
            row[column++] = x[i] * x[j];
        }
    }
    return row;
}

Eigen::MatrixXd hessian(const Eigen::VectorXd& coefficients, Eigen::Index d) {
    Eigen::MatrixXd h(d, d);
    Eigen::Index column = 1 + d;
    for (Eigen::Index i = 0; i < d; ++i) {
        for (Eigen::Index j = i; j < d; ++j) {
            const double c = coefficients[column++];
            h(i, j) = h(j, i) = i == j ? 2 * c : c;
        }
    }
    return h;
}

}  // namespace

std::size_t quadratic_sample(std::size_t dimensions) {
    return dimensions * (dimensions + 1) / 2 + dimensions + 1;
}

std::optional<std::vector<double>> quadratic_minimum(std::span<const std::vector<double>> points,
                                                     std::span<const double> scores) {
    const auto count = static_cast<Eigen::Index>(points.size());
    const auto d = static_cast<Eigen::Index>(points.front().size());
    Eigen::VectorXd middle = Eigen::VectorXd::Zero(d);
    for (const auto& point : points) {
        middle += to_vector(point) / static_cast<double>(count);
    }
    const double size = (to_vector(points.back()) - to_vector(points.front())).norm();
    const double range = scores.back() / 2 - scores.front() / 2;
    if (!(size > 0.0) || !(range > 0.0)) {
        return std::nullopt;
    }
    Eigen::MatrixXd rows(count, 1 + d + d * (d + 1) / 2);
    Eigen::VectorXd y(count);
    for (Eigen::Index i = 0; i < count; ++i) {
        const auto index = static_cast<std::size_t>(i);
        rows.row(i) = features((to_vector(points[index]) - middle) / size);
        y[i] = (scores[index] / 2 - scores.front() / 2) / range;
    }
    const Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr{rows};
    const Eigen::VectorXd coefficients = qr.solve(y);
    const Eigen::VectorXd fitted = rows * coefficients;
    for (Eigen::Index i = 1; i < count; ++i) {
        if (!(fitted[i] > fitted[i - 1])) {
            return std::nullopt;
        }
    }
    const Eigen::LLT<Eigen::MatrixXd> factor{hessian(coefficients, d)};
    if (factor.info() != Eigen::Success) {
        return std::nullopt;
    }
    const Eigen::VectorXd lowest = -factor.solve(coefficients.segment(1, d));
    if (!lowest.allFinite() || lowest.squaredNorm() > 1.0) {
        return std::nullopt;
    }
    const Eigen::VectorXd x = middle + size * lowest;
    return std::vector<double>{x.begin(), x.end()};
}

}  // namespace hpogrid::optimizers
