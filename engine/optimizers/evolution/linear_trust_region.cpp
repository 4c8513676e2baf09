#include "engine/optimizers/evolution/linear_trust_region.hpp"

#include "engine/optimizers/evolution/cube_dimension.hpp"

#include <Eigen/LU>

#include <algorithm>
#include <cmath>

namespace hpogrid::optimizers {
namespace {

constexpr double first_radius = 1.0 / 6.0;
constexpr double last_radius = 1e-9;
// Powell's: a vertex is too near the opposite face below α ρ, too far from the best above β ρ, and comes to γ ρ.
constexpr double alpha = 0.25;
constexpr double beta = 2.1;
constexpr double gamma = 0.5;
// After a step, those beyond δ ρ are replaced first.
constexpr double delta = 1.1;

Eigen::VectorXd to_vector(std::span<const double> x) {
    return Eigen::Map<const Eigen::VectorXd>(x.data(), static_cast<Eigen::Index>(x.size()));
}

/// Moves `x` to the other side of `base` in each coordinate that has left the cube.
Eigen::VectorXd turned_inside(const Eigen::VectorXd& base, Eigen::VectorXd x) {
    for (Eigen::Index i = 0; i < x.size(); ++i) {
        if (x[i] < 0.0 || x[i] > 1.0) {
            x[i] = std::clamp(2 * base[i] - x[i], 0.0, 1.0);
        }
    }
    return x;
}

}  // namespace

LinearTrustRegion::LinearTrustRegion(std::size_t dimensions, std::uint64_t seed)
    : dimensions_{static_cast<Eigen::Index>(dimensions)},
      seed_{seed},
      radius_{first_radius},
      signs_(dimensions, 1.0),
      next_{Eigen::VectorXd::Constant(dimensions_, 0.5)} {}

Candidate LinearTrustRegion::ask(std::uint32_t /*index*/, unsigned attempt, RandomStream& random) const {
    Candidate candidate{.unit = {next_.begin(), next_.end()}, .latent = {}, .tag = plan_number_, .origin = "cobyla"};
    if (attempt > 0) {
        const double size = radius_ * static_cast<double>(attempt) / std::sqrt(static_cast<double>(dimensions_ + 1));
        for (double& unit : candidate.unit) {
            unit = mirrored(unit + size * random.normal());
        }
    }
    return candidate;
}

Candidate LinearTrustRegion::adopt(std::span<const double> unit, const std::vector<bool>& /*active*/,
                                   RandomStream& /*random*/) const {
    return {.unit = {unit.begin(), unit.end()}, .latent = {}, .tag = {}, .origin = {}};
}

void LinearTrustRegion::tell(const Candidate& candidate, double score) {
    const bool failed = !std::isfinite(score);
    worst_ = failed ? worst_ : (vertices_.empty() ? score : std::max(worst_, score));
    Vertex vertex{to_vector(candidate.unit), failed ? worst_ : score};
    if (candidate.tag != plan_number_) {
        if (failed || dimensions_ == 0 || (!vertices_.empty() && vertex.score >= best().score)) {
            return;
        }
        insert_first(std::move(vertex));
    } else if (purpose_ == Purpose::vertex) {
        vertices_.push_back(std::move(vertex));
    } else if (purpose_ == Purpose::geometry) {
        vertices_[dropped_] = std::move(vertex);
    } else {
        take_descent(std::move(vertex));
    }
    const auto least = std::ranges::min_element(vertices_, {}, &Vertex::score);
    std::iter_swap(vertices_.begin(), least);
    ++plan_number_;
    plan();
}

void LinearTrustRegion::insert_first(Vertex vertex) {
    if (std::ssize(vertices_) <= dimensions_) {
        vertices_.push_back(std::move(vertex));
    } else if (const auto drop = vertex_to_drop(vertex)) {
        vertices_[*drop] = std::move(vertex);
    } else {
        vertices_.front() = std::move(vertex);
    }
    after_descent_ = false;
}

void LinearTrustRegion::take_descent(Vertex vertex) {
    const double fall = best().score / 2 - vertex.score / 2;
    after_descent_ = !(fall >= 0.1 * predicted_ * highest_rise());
    if (const auto drop = vertex_to_drop(vertex)) {
        vertices_[*drop] = std::move(vertex);
    }
}

std::optional<std::size_t> LinearTrustRegion::vertex_to_drop(const Vertex& vertex) const {
    const Eigen::FullPivLU<Eigen::MatrixXd> lu{edges()};
    if (!lu.isInvertible()) {
        return vertices_.size() - 1;
    }
    const Eigen::MatrixXd normals = lu.inverse();
    const Eigen::VectorXd growth = (normals * (vertex.x - best().x)).cwiseAbs();
    const bool better = vertex.score < best().score;
    std::optional<std::size_t> drop;
    // The one whose replacement makes the simplex largest; without success it must not get smaller.
    double most = better ? 0.0 : 1.0;
    for (Eigen::Index i = 0; i < dimensions_; ++i) {
        if (growth[i] > most) {
            most = growth[i];
            drop = static_cast<std::size_t>(i) + 1;
        }
    }
    // Rather one that is far away, if the simplex stays well shaped.
    double farthest = delta * radius_;
    for (Eigen::Index i = 0; i < dimensions_; ++i) {
        const Eigen::VectorXd& corner = vertices_[static_cast<std::size_t>(i) + 1].x;
        const double height = 1.0 / normals.row(i).norm();
        const double distance = (corner - (better ? vertex.x : best().x)).norm();
        if (growth[i] * height >= std::min(alpha * radius_, height) && distance > farthest) {
            farthest = distance;
            drop = static_cast<std::size_t>(i) + 1;
        }
    }
    return drop;
}

Eigen::MatrixXd LinearTrustRegion::edges() const {
    Eigen::MatrixXd edges(dimensions_, dimensions_);
    for (Eigen::Index i = 0; i < dimensions_; ++i) {
        edges.col(i) = vertices_[static_cast<std::size_t>(i) + 1].x - best().x;
    }
    return edges;
}

void LinearTrustRegion::plan() {
    if (dimensions_ == 0) {
        return;
    }
    if (std::ssize(vertices_) <= dimensions_) {
        plan_vertex();
        return;
    }
    // Each round ends: ρ falls, and a new simplex needs new vertices.
    for (;;) {
        if (after_descent_ && plan_geometry()) {
            return;
        }
        if (after_descent_) {
            after_descent_ = false;
            if (radius_ <= last_radius) {
                begin_again();
                return;
            }
            shrink();
        }
        if (plan_descent()) {
            return;
        }
        after_descent_ = true;
    }
}

void LinearTrustRegion::plan_vertex() {
    const auto axis = static_cast<Eigen::Index>(vertices_.size()) - 1;
    purpose_ = Purpose::vertex;
    next_ = best().x;
    next_[axis] += radius_ * signs_[static_cast<std::size_t>(axis)];
    next_ = turned_inside(best().x, next_);
}

bool LinearTrustRegion::plan_geometry() {
    const Eigen::FullPivLU<Eigen::MatrixXd> lu{edges()};
    if (!lu.isInvertible()) {
        begin_again();
        return true;
    }
    const Eigen::MatrixXd normals = lu.inverse();  // a row for each vertex but the best, of its opposite face
    dropped_ = 0;
    double most = beta * radius_;
    for (std::size_t vertex = 1; vertex < vertices_.size(); ++vertex) {
        const double distance = (vertices_[vertex].x - best().x).norm();
        if (distance > most) {
            most = distance;
            dropped_ = vertex;
        }
    }
    double least = alpha * radius_;
    for (std::size_t vertex = 1; most <= beta * radius_ && vertex < vertices_.size(); ++vertex) {
        const double height = 1.0 / normals.row(static_cast<Eigen::Index>(vertex) - 1).norm();
        if (height < least) {
            least = height;
            dropped_ = vertex;
        }
    }
    if (dropped_ == 0) {
        return false;
    }
    purpose_ = Purpose::geometry;
    // Away from the opposite face, to the side where the linear function falls.
    const Eigen::VectorXd normal = normals.row(static_cast<Eigen::Index>(dropped_) - 1).normalized();
    const double side = (normals.transpose() * rises()).dot(normal) > 0 ? -1.0 : 1.0;
    next_ = turned_inside(best().x, best().x + side * gamma * radius_ * normal);
    return true;
}

Eigen::VectorXd LinearTrustRegion::rises() const {
    Eigen::VectorXd rises(dimensions_);
    for (Eigen::Index i = 0; i < dimensions_; ++i) {
        // Halves, because the difference may be infinite.
        rises[i] = vertices_[static_cast<std::size_t>(i) + 1].score / 2 - best().score / 2;
    }
    const double highest = highest_rise();
    return highest > 0.0 ? Eigen::VectorXd{rises / highest} : rises;
}

double LinearTrustRegion::highest_rise() const {
    return std::ranges::max(vertices_, {}, &Vertex::score).score / 2 - best().score / 2;
}

bool LinearTrustRegion::plan_descent() {
    const Eigen::FullPivLU<Eigen::MatrixXd> lu{edges().transpose()};
    if (!lu.isInvertible()) {
        return false;
    }
    Eigen::VectorXd gradient = lu.solve(rises());
    for (Eigen::Index i = 0; i < dimensions_; ++i) {
        const double at = best().x[i];
        if ((at <= 0.0 && gradient[i] > 0.0) || (at >= 1.0 && gradient[i] < 0.0)) {
            gradient[i] = 0.0;
        }
    }
    if (!(gradient.norm() > 0.0) || !gradient.allFinite()) {
        return false;
    }
    purpose_ = Purpose::descent;
    next_ = (best().x - radius_ * gradient.normalized()).cwiseMax(0.0).cwiseMin(1.0);
    predicted_ = gradient.dot(best().x - next_);
    return true;
}

void LinearTrustRegion::shrink() {
    radius_ /= 2.0;
    if (radius_ <= 1.5 * last_radius) {
        radius_ = last_radius;
    }
}

void LinearTrustRegion::begin_again() {
    RandomStream random{seed_, ++rounds_, RandomPurpose::restart};
    std::ranges::generate(signs_, [&] { return random.below(2) == 0 ? -1.0 : 1.0; });
    radius_ = first_radius;
    vertices_.resize(1);
    after_descent_ = false;
    plan_vertex();
}

}  // namespace hpogrid::optimizers
