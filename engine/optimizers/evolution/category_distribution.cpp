#include "engine/optimizers/evolution/category_distribution.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace hpogrid::optimizers {

CategoryDistribution::CategoryDistribution(std::vector<std::size_t> sizes) : sizes_{std::move(sizes)} {
    std::size_t free = 0;
    for (const std::size_t size : sizes_) {
        offsets_.push_back(probabilities_.size());
        probabilities_.insert(probabilities_.end(), size, 1.0 / static_cast<double>(size));
        free += size - 1;
    }
    path_.assign(free, 0.0);
}

double CategoryDistribution::probability(std::size_t parameter, std::size_t category) const {
    return probabilities_[offsets_[parameter] + category];
}

double CategoryDistribution::margin(std::size_t parameter) const {
    // All parameters together keep their likeliest categories in at least 73 % of the draws.
    const double all = std::pow(0.73, 1.0 / static_cast<double>(sizes_.size()));
    const auto size = static_cast<double>(sizes_[parameter]);
    return sizes_[parameter] == 1 ? 1.0 : std::min((1 - all) / (size - 1), 1 / size);
}

std::size_t CategoryDistribution::sample(std::size_t parameter, RandomStream& random) const {
    double left = random.uniform();
    std::size_t category = 0;
    while (category + 1 < sizes_[parameter] && left >= probability(parameter, category)) {
        left -= probability(parameter, category++);
    }
    return category;
}

void CategoryDistribution::update(std::span<const double> weights, std::span<const Choice> ranked) {
    if (path_.empty()) {
        return;
    }
    constexpr double alpha = 1.5;
    const std::vector<double> gradient = natural_gradient(weights, ranked);
    const std::vector<double> direction = normalised(gradient);
    const double length =
        std::sqrt(std::inner_product(direction.begin(), direction.end(), direction.begin(), 0.0)) + 1e-30;
    const double rate = 1 / trust_;
    for (std::size_t i = 0; i < gradient.size(); ++i) {
        probabilities_[i] += rate / length * gradient[i];
    }
    const double beta = rate / std::sqrt(static_cast<double>(path_.size()));
    double squared = 0.0;
    for (std::size_t i = 0; i < path_.size(); ++i) {
        path_[i] = (1 - beta) * path_[i] + std::sqrt(beta * (2 - beta)) * direction[i] / length;
        squared += path_[i] * path_[i];
    }
    path_weight_ = (1 - beta) * (1 - beta) * path_weight_ + beta * (2 - beta);
    // A rate above 1 would overshoot the target of a single category.
    trust_ = std::max(1.0, trust_ * std::exp(beta * (path_weight_ - squared / alpha)));
    keep_margin();
}

std::vector<double> CategoryDistribution::natural_gradient(std::span<const double> weights,
                                                           std::span<const Choice> ranked) const {
    std::vector<double> gradient(probabilities_.size(), 0.0);
    for (std::size_t rank = 0; rank < ranked.size(); ++rank) {
        for (std::size_t parameter = 0; parameter < sizes_.size(); ++parameter) {
            const auto chosen = ranked[rank][parameter];
            for (std::size_t category = 0; chosen && category < sizes_[parameter]; ++category) {
                const double hit = *chosen == category ? 1.0 : 0.0;
                gradient[offsets_[parameter] + category] += weights[rank] * (hit - probability(parameter, category));
            }
        }
    }
    return gradient;
}

std::vector<double> CategoryDistribution::normalised(const std::vector<double>& gradient) const {
    std::vector<double> direction;
    for (std::size_t parameter = 0; parameter < sizes_.size(); ++parameter) {
        const std::size_t begin = offsets_[parameter];
        const std::size_t last = begin + sizes_[parameter] - 1;
        double sum = 0.0;
        for (std::size_t i = begin; i < last; ++i) {
            sum += gradient[i];
        }
        const double p_last = probabilities_[last];
        for (std::size_t i = begin; i < last; ++i) {
            const double root = std::sqrt(probabilities_[i]);
            direction.push_back(gradient[i] / root + root * sum / (p_last + std::sqrt(p_last)));
        }
    }
    return direction;
}

void CategoryDistribution::keep_margin() {
    for (std::size_t parameter = 0; parameter < sizes_.size(); ++parameter) {
        const double least = margin(parameter);
        const std::span<double> own{probabilities_.data() + offsets_[parameter], sizes_[parameter]};
        double above = 0.0;
        for (double& probability : own) {
            probability = std::max(probability, least);
            above += probability - least;
        }
        const double wanted = 1 - least * static_cast<double>(own.size());
        for (double& probability : own) {
            probability =
                above > 0 ? least + (probability - least) * wanted / above : 1 / static_cast<double>(own.size());
        }
    }
}

}  // namespace hpogrid::optimizers
