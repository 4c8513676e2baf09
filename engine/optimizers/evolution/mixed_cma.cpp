#include "engine/optimizers/evolution/mixed_cma.hpp"

#include "engine/optimizers/parzen/truncated_normal.hpp"
#include "engine/space/normal_distribution.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace hpogrid::optimizers {
namespace {

using Kind = CubeDimension::Kind;

std::vector<std::size_t> select(std::span<const CubeDimension> dimensions, bool categorical) {
    std::vector<std::size_t> selected;
    for (std::size_t i = 0; i < dimensions.size(); ++i) {
        if ((dimensions[i].kind == Kind::category) == categorical) {
            selected.push_back(i);
        }
    }
    return selected;
}

std::vector<std::size_t> sizes(std::span<const CubeDimension> dimensions, std::span<const std::size_t> categorical) {
    std::vector<std::size_t> sizes;
    for (const std::size_t dimension : categorical) {
        sizes.push_back(dimensions[dimension].categories);
    }
    return sizes;
}

std::vector<double> gather(std::span<const double> all, std::span<const std::size_t> selected) {
    std::vector<double> gathered;
    for (const std::size_t dimension : selected) {
        gathered.push_back(all[dimension]);
    }
    return gathered;
}

/// A coordinate that has left the cube comes back to its surface, or as far inside as it is outside.
double returned(double u, RandomStream& random) {
    if (u >= 0.0 && u <= 1.0) {
        return u;
    }
    const double surface = u < 0.0 ? 0.0 : 1.0;
    return random.uniform() < 0.5 ? surface : std::clamp(2 * surface - u, 0.0, 1.0);
}

}  // namespace

MixedCma::MixedCma(std::vector<CubeDimension> dimensions, std::span<const double> start, const Options& options)
    : dimensions_{std::move(dimensions)},
      numeric_{select(dimensions_, false)},
      categorical_{select(dimensions_, true)},
      population_{options.population > 0 ? options.population : CmaConstants::default_population(dimensions_.size())},
      generation_{options.first_generation},
      first_generation_{options.first_generation},
      keep_margin_{options.margin},
      stretch_(numeric_.size(), 1.0),
      categories_{sizes(dimensions_, categorical_)},
      weights_{CmaConstants{std::max<std::size_t>(dimensions_.size(), 1), population_, Covariance::full}.weights} {
    std::ranges::for_each(weights_, [](double& weight) { weight = std::max(weight, 0.0); });
    if (!numeric_.empty()) {
        normal_.emplace(gather(start, numeric_), CmaEs::Options{options.sigma, population_, options.covariance});
        for (std::size_t i = 0; i < numeric_.size(); ++i) {
            correct_margin(i);
        }
    }
}

Candidate MixedCma::sample(RandomStream& random) const {
    Candidate drawn{.unit = std::vector<double>(dimensions_.size()),
                    .latent = std::vector<double>(dimensions_.size()),
                    .tag = generation_,
                    .origin = "cma"};
    const std::vector<double> x = normal_ ? normal_->sample(random) : std::vector<double>{};
    for (std::size_t i = 0; i < x.size(); ++i) {
        const bool real = dimensions_[numeric_[i]].kind == Kind::real;
        const double latent = real ? returned(x[i], random) : x[i];
        drawn.latent[numeric_[i]] = latent;
        drawn.unit[numeric_[i]] = std::clamp(normal_->mean(i) + stretch_[i] * (latent - normal_->mean(i)), 0.0, 1.0);
    }
    for (std::size_t i = 0; i < categorical_.size(); ++i) {
        const std::size_t category = categories_.sample(i, random);
        drawn.latent[categorical_[i]] = static_cast<double>(category);
        drawn.unit[categorical_[i]] = unit_of_category(category, dimensions_[categorical_[i]].categories);
    }
    return drawn;
}

Candidate MixedCma::adopt(std::span<const double> unit, const std::vector<bool>& active, RandomStream& random) const {
    Candidate adopted{
        .unit = {unit.begin(), unit.end()}, .latent = {unit.begin(), unit.end()}, .tag = {}, .origin = {}};
    for (std::size_t i = 0; i < numeric_.size(); ++i) {
        const std::size_t dimension = numeric_[i];
        const double mean = normal_->mean(i);
        if (!active[dimension]) {
            adopted.latent[dimension] = mean + normal_->deviation(i) * random.normal();
        } else if (dimensions_[dimension].kind == Kind::ordered) {
            const Cell cell = dimensions_[dimension].cell(unit[dimension]);
            const double place = truncated_normal_quantile(mean, deviation(i), {cell.low, cell.high}, random.uniform());
            adopted.latent[dimension] = mean + (place - mean) / stretch_[i];
        }
    }
    for (const std::size_t dimension : categorical_) {
        const std::size_t category = category_at(unit[dimension], dimensions_[dimension].categories);
        adopted.latent[dimension] = active[dimension] ? static_cast<double>(category) : std::nan("");
    }
    return adopted;
}

void MixedCma::tell(Candidate candidate, double score) {
    if (candidate.tag.value_or(first_generation_) < first_generation_) {
        return;
    }
    incoming_.push_back({std::move(candidate), score});
    if (incoming_.size() >= population_) {
        close_generation();
    }
}

void MixedCma::close_generation() {
    std::ranges::stable_sort(incoming_, {}, &Scored::score);
    std::vector<CmaMember> members;
    std::vector<CategoryDistribution::Choice> choices;
    for (const auto& [candidate, score] : incoming_) {
        members.push_back({gather(candidate.latent, numeric_), candidate.tag != generation_});
        CategoryDistribution::Choice& choice = choices.emplace_back();
        for (const std::size_t dimension : categorical_) {
            const double category = candidate.latent[dimension];
            choice.push_back(std::isnan(category) ? std::nullopt : std::optional{static_cast<std::size_t>(category)});
        }
    }
    if (normal_) {
        normal_->update(members);
    }
    categories_.update(weights_, choices);
    for (std::size_t i = 0; i < numeric_.size(); ++i) {
        correct_margin(i);
    }
    remember_scores(incoming_);
    incoming_.clear();
    ++generation_;
}

Cell MixedCma::mean_cell(std::size_t numeric) const {
    return dimensions_[numeric_[numeric]].cell(std::clamp(normal_->mean(numeric), 0.0, 1.0));
}

double MixedCma::deviation(std::size_t numeric) const {
    return stretch_[numeric] * normal_->deviation(numeric);
}

double MixedCma::margin() const {
    return 1.0 / static_cast<double>(dimensions_.size() * population_);
}

void MixedCma::correct_margin(std::size_t numeric) {
    if (!keep_margin_ || dimensions_[numeric_[numeric]].kind != Kind::ordered) {
        return;
    }
    const auto quantile_above = [](double p) { return -space::normal_quantile(std::clamp(p, 1e-10, 0.5 - 1e-10)); };
    const Cell cell = mean_cell(numeric);
    const double mean = normal_->mean(numeric);
    const double deviation = this->deviation(numeric);
    const bool first = cell.low <= 0.0;
    const bool last = cell.high >= 1.0;
    if (first && last) {
        return;  // a single value
    }
    if (first || last) {
        // Section 4.3: the mean moves towards the one neighbour, no further than needed.
        const double reach = deviation * quantile_above(margin());
        normal_->set_mean(numeric, first ? std::max(mean, cell.high - reach) : std::min(mean, cell.low + reach));
        return;
    }
    // Section 4.4: mean and stretch so that both neighbours have at least half the margin.
    const double half = margin() / 2;
    double low = space::normal_cdf((cell.low - mean) / deviation);
    double high = space::normal_cdf((mean - cell.high) / deviation);
    if (low >= half && high >= half) {
        return;
    }
    const double middle = 1 - low - high;
    low = std::max(low, half);
    high = std::max(high, half);
    const double excess = 1 - low - high - middle;
    const double room = low + middle + high - 3 * half;
    const double low_part = excess * (low - half) / room;
    const double high_part = excess * (high - half) / room;
    const double below = quantile_above(low + low_part);
    const double above = quantile_above(high + high_part);
    stretch_[numeric] = (cell.high - cell.low) / ((below + above) * normal_->deviation(numeric));
    normal_->set_mean(numeric, (cell.low * above + cell.high * below) / (below + above));
}

MixedCma::Tails MixedCma::tails(std::size_t dimension) const {
    const auto found = std::ranges::find(numeric_, dimension);
    const auto numeric = static_cast<std::size_t>(found - numeric_.begin());
    const Cell cell = mean_cell(numeric);
    const double mean = normal_->mean(numeric);
    return {cell.low <= 0 ? 0.0 : space::normal_cdf((cell.low - mean) / deviation(numeric)),
            cell.high >= 1 ? 0.0 : space::normal_cdf((mean - cell.high) / deviation(numeric))};
}

void MixedCma::remember_scores(std::span<const Scored> ranked) {
    best_scores_.push_back(ranked.front().score);
    median_scores_.push_back(ranked[ranked.size() / 2].score);
}

bool MixedCma::stagnated() const {
    if (normal_ && normal_->converged()) {
        return true;
    }
    const auto n = static_cast<double>(dimensions_.size());
    const auto lambda = static_cast<double>(population_);
    const std::size_t generations = best_scores_.size();

    const auto equal = 10 + static_cast<std::size_t>(std::ceil(30 * n / lambda));
    if (generations >= equal) {
        const auto [least, most] = std::ranges::minmax(std::span{best_scores_}.last(equal));
        // Relative, so that it means the same whatever the unit of the score; failures are infinite.
        const double size = std::isfinite(most) ? std::max(std::abs(most), std::abs(least)) : 0.0;
        if (most == least || most - least <= 1e-12 * size) {
            return true;
        }
    }
    const auto window = std::max(generations / 5, static_cast<std::size_t>(120 + 30 * n / lambda));
    if (generations < window) {
        return false;
    }
    const auto part = static_cast<std::ptrdiff_t>(0.3 * static_cast<double>(window));
    const auto not_better = [&](const std::vector<double>& scores) {
        std::vector<double> recent(scores.end() - part, scores.end());
        std::vector<double> before(scores.end() - static_cast<std::ptrdiff_t>(window),
                                   scores.end() - static_cast<std::ptrdiff_t>(window) + part);
        std::ranges::nth_element(recent, recent.begin() + part / 2);
        std::ranges::nth_element(before, before.begin() + part / 2);
        return recent[static_cast<std::size_t>(part / 2)] >= before[static_cast<std::size_t>(part / 2)];
    };
    return not_better(best_scores_) && not_better(median_scores_);
}

}  // namespace hpogrid::optimizers
