#include "engine/optimizers/parzen/product_density.hpp"

#include "engine/optimizers/parzen/linear_forgetting.hpp"
#include "engine/optimizers/parzen/truncated_normal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <numbers>
#include <numeric>
#include <optional>
#include <vector>

namespace hpogrid::optimizers {
namespace {

using space::SamplingMethod;
using Row = std::vector<double>;  ///< coordinates: [axis]

/// A density, the observations in it, and the same computed the long way.
class DensityUnderTest {
  public:
    explicit DensityUnderTest(std::vector<SamplingMethod> methods, ProductDensity::Options options = {})
        : methods_{std::move(methods)}, options_{options} {
        axes_.reserve(methods_.size());
        for (const SamplingMethod& method : methods_) {
            axes_.emplace_back(method, Axis::EndCells::whole);
            pointers_.push_back(&axes_.back());
        }
        density_.emplace(pointers_, options);
    }

    [[nodiscard]] ProductDensity& density() { return *density_; }
    [[nodiscard]] const Axis& axis(std::size_t i) const { return axes_[i]; }
    [[nodiscard]] std::size_t axes() const { return axes_.size(); }

    void insert(std::uint32_t slot, const Row& row) { insert_all({{slot, row}}); }
    void insert_all(const std::map<std::uint32_t, Row>& rows) {
        std::vector<std::uint32_t> slots;
        std::vector<std::vector<double>> columns(axes_.size());
        for (const auto& [slot, row] : rows) {
            slots.push_back(slot);
            for (std::size_t i = 0; i < row.size(); ++i) {
                columns[i].push_back(row[i]);
            }
            rows_[slot] = row;
        }
        density_->insert(slots, columns);
    }
    void erase(std::uint32_t slot) {
        rows_.erase(slot);
        density_->erase(slot);
    }
    /// Draws a row as a trial would have it: discrete coordinates are those of values.
    Row random_row(RandomStream& random) const {
        Row row;
        for (const Axis& axis : axes_) {
            const double u = axis.categorical()                ? static_cast<double>(random.below(axis.categories()))
                             : std::isfinite(axis.range().low) ? random.uniform()
                                                               : random.normal();
            row.push_back(axis.coordinate(axis.value(u)));
        }
        return row;
    }
    [[nodiscard]] std::vector<Spot> spots(const Row& row) const {
        std::vector<Spot> all;
        for (std::size_t i = 0; i < row.size(); ++i) {
            all.push_back({row[i], axes_[i].discrete() ? axes_[i].cell(axes_[i].value(row[i])) : Interval{0, 0}});
        }
        return all;
    }
    [[nodiscard]] double density_at(const Row& row) { return std::exp(density_->log_density(spots(row))); }

    /// Kernel by kernel, width by width, without shortcuts.
    [[nodiscard]] double directly(const Row& row) const {
        std::vector<double> products(rows_.size() + 1, 1.0);
        for (std::size_t i = 0; i < axes_.size(); ++i) {
            const std::vector<double> factors = axes_[i].categorical() ? categories(i, row[i]) : numbers(i, row[i]);
            std::ranges::transform(products, factors, products.begin(), std::multiplies{});
        }
        const LinearForgetting forgetting{rows_.size()};
        double sum = (rows_.empty() ? 1.0 : options_.prior_weight) * products.back();
        double weights = rows_.empty() ? 1.0 : options_.prior_weight;
        for (std::size_t rank = 0; rank < rows_.size(); ++rank) {
            sum += forgetting.weight(rank) * products[rank];
            weights += forgetting.weight(rank);
        }
        return sum / weights;
    }

  private:
    [[nodiscard]] std::vector<double> categories(std::size_t i, double category) const {
        const auto count = static_cast<double>(axes_[i].categories());
        const double share = options_.prior_weight / static_cast<double>(rows_.size() + 1);
        std::vector<double> factors;
        for (const auto& [slot, row] : rows_) {
            factors.push_back(((row[i] == category ? 1.0 : 0.0) + share) / (1.0 + share * count));
        }
        factors.push_back(1.0 / count);
        return factors;
    }
    [[nodiscard]] std::vector<double> numbers(std::size_t i, double x) const {
        std::vector<double> factors;
        for (const auto& [slot, row] : rows_) {
            factors.push_back(kernel(i, row[i], width(i, slot), x));
        }
        factors.push_back(kernel(i, axes_[i].middle(), 1.0, x));
        return factors;
    }
    [[nodiscard]] double width(std::size_t i, std::uint32_t of) const {
        // In the order of centres, and of slots where they are equal.
        std::vector<std::pair<double, std::uint32_t>> sorted;
        for (const auto& [slot, row] : rows_) {
            sorted.emplace_back(row[i], slot);
        }
        std::ranges::sort(sorted);
        std::size_t at = 0;
        while (sorted[at].second != of) {
            ++at;
        }
        const bool ends = options_.rule.neighbours == Neighbours::with_ends || sorted.size() == 1;
        double gap = 0.0;
        if (at > 0 || ends) {
            gap = std::max(gap, sorted[at].first - (at > 0 ? sorted[at - 1].first : axes_[i].range().low));
        }
        if (at + 1 < sorted.size() || ends) {
            gap = std::max(gap,
                           (at + 1 < sorted.size() ? sorted[at + 1].first : axes_[i].range().high) - sorted[at].first);
        }
        const double least =
            options_.rule.magic_clip ? 1.0 / std::min(100.0, 2.0 + static_cast<double>(sorted.size())) : 1e-12;
        return std::clamp(gap, least, 1.0);
    }
    [[nodiscard]] double kernel(std::size_t i, double centre, double width, double x) const {
        const auto mass = [&](Interval of) {
            return normal_mass((of.low - centre) / width, (of.high - centre) / width);
        };
        const double inside = mass(axes_[i].range());
        if (axes_[i].discrete()) {
            return mass(axes_[i].cell(axes_[i].value(x))) / inside;
        }
        return std::exp(-0.5 * std::pow((x - centre) / width, 2)) / (width * std::sqrt(2 * std::numbers::pi)) / inside;
    }

    std::vector<SamplingMethod> methods_;
    ProductDensity::Options options_;
    std::vector<Axis> axes_;
    std::vector<const Axis*> pointers_;
    std::optional<ProductDensity> density_;
    std::map<std::uint32_t, Row> rows_;
};

const std::vector<SamplingMethod> mixed{space::Uniform{0, 1},        space::Categorical{{"a", "b", "c"}},
                                        space::QUniform{0, 1, 0.25}, space::Normal{0, 1},
                                        space::UniformInt{1, 30},    space::LogUniform{1e-3, 1, 10}};

std::vector<ProductDensity::Options> all_options() {
    return {{},
            {.rule = {}, .prior_weight = 2.5},
            {.rule = {.neighbours = Neighbours::with_ends}},
            {.rule = {.neighbours = Neighbours::centres, .magic_clip = false}}};
}

TEST(ProductDensityTest, IsTheSumOfItsKernels) {
    for (const auto& options : all_options()) {
        for (const std::size_t size : {0U, 1U, 2U, 30U, 150U}) {
            DensityUnderTest under{mixed, options};
            RandomStream random{7, static_cast<std::uint32_t>(size), RandomPurpose::simulation};
            std::map<std::uint32_t, Row> rows;
            for (std::uint32_t slot = 0; slot < size; ++slot) {
                rows[slot] = under.random_row(random);
            }
            under.insert_all(rows);
            under.density().prepare();
            for (int i = 0; i < 12; ++i) {
                // Near an observation, where kernels are largest, and anywhere.
                const Row row = i % 2 == 0 || rows.empty() ? under.random_row(random)
                                                           : rows[static_cast<std::uint32_t>(random.below(size))];
                EXPECT_NEAR(under.density_at(row) / under.directly(row), 1.0, 1e-9) << size;
            }
        }
    }
}

TEST(ProductDensityTest, KeepsUpWithInsertionsAndRemovals) {
    DensityUnderTest under{mixed};
    RandomStream random{8, 0, RandomPurpose::simulation};
    std::vector<std::uint32_t> here;
    for (std::uint32_t step = 0; step < 400; ++step) {
        under.insert(2 * step, under.random_row(random));
        here.push_back(2 * step);
        if (step % 3 == 1) {
            // Out of the middle, and sometimes in again at another place.
            const std::size_t victim = random.below(here.size());
            under.erase(here[victim]);
            if (step % 2 == 0) {
                under.insert(here[victim], under.random_row(random));
            } else {
                here.erase(here.begin() + static_cast<std::ptrdiff_t>(victim));
            }
        }
        if (step % 4 == 0) {
            under.density().prepare();
        }
        if (step % 20 == 0) {
            const Row row = under.random_row(random);
            EXPECT_NEAR(under.density_at(row) / under.directly(row), 1.0, 1e-9) << step;
        }
    }
    EXPECT_EQ(under.density().size(), here.size());
}

TEST(ProductDensityTest, IntegratesToOne) {
    DensityUnderTest under{{space::Uniform{0, 1}, space::Categorical{{"a", "b", "c"}}, space::QUniform{0, 1, 0.25}}};
    RandomStream random{9, 0, RandomPurpose::simulation};
    for (std::uint32_t slot = 0; slot < 20; ++slot) {
        under.insert(slot, under.random_row(random));
    }
    under.density().prepare();
    constexpr int steps = 400;
    double integral = 0.0;
    for (int i = 0; i < steps; ++i) {
        for (const double category : {0., 1., 2.}) {
            for (const double value : {0., 0.25, 0.5, 0.75, 1.}) {
                integral += under.density_at({(i + 0.5) / steps, category, under.axis(2).coordinate(value)}) / steps;
            }
        }
    }
    EXPECT_NEAR(integral, 1.0, 1e-4);
}

TEST(ProductDensityTest, IsDrawnFromWithItsDensity) {
    DensityUnderTest under{{space::Uniform{0, 1}, space::Categorical{{"a", "b", "c"}}, space::UniformInt{0, 3}}};
    for (const auto& [slot, row] :
         std::map<std::uint32_t, Row>{{0, {0.05, 0, 0.125}}, {1, {0.1, 0, 0.125}}, {2, {0.9, 2, 0.875}}}) {
        under.insert(slot, row);
    }
    under.density().prepare();
    constexpr int count = 60'000;
    constexpr int bins = 4;
    std::map<Row, double> seen;  // bin of x, category, value
    RandomStream random{10, 0, RandomPurpose::simulation};
    for (int i = 0; i < count; ++i) {
        Row draw(3);
        under.density().sample(random, draw);
        seen[{std::floor(draw[0] * bins), draw[1], std::floor(draw[2] * 4)}] += 1;
    }
    double chi_squared = 0.0;
    for (int bin = 0; bin < bins; ++bin) {
        for (int category = 0; category < 3; ++category) {
            for (int value = 0; value < 4; ++value) {
                double expected = 0.0;
                constexpr int parts = 200;
                for (int part = 0; part < parts; ++part) {
                    const double x = (bin + (part + 0.5) / parts) / bins;
                    expected +=
                        under.density_at({x, static_cast<double>(category), (value + 0.5) / 4}) * count / bins / parts;
                }
                const double off =
                    seen[{static_cast<double>(bin), static_cast<double>(category), static_cast<double>(value)}] -
                    expected;
                chi_squared += off * off / expected;
            }
        }
    }
    // 47 degrees of freedom: 82.7 is exceeded once in a thousand.
    EXPECT_LT(chi_squared, 82.7);
}

TEST(ProductDensityTest, StaysFiniteOnDegenerateData) {
    const std::vector<SamplingMethod> methods{
        space::Uniform{-1e308, 1e308},  space::Normal{0, 1e-300}, space::LogUniform{1e-300, 1e300, 10},
        space::QLogNormal{0, 1, 10, 1}, space::UniformInt{0, 1},  space::Categorical{{"a", "b"}}};
    for (const auto& options :
         {ProductDensity::Options{}, ProductDensity::Options{.rule = {.magic_clip = false}, .prior_weight = 0.0}}) {
        for (const std::uint32_t size : {0U, 1U, 2U, 50U}) {
            DensityUnderTest under{methods, options};
            for (std::uint32_t slot = 0; slot < size; ++slot) {
                under.insert(slot, {0, 0, 0, 0, 0.25, 0});
            }
            under.density().prepare();
            for (const Row& row : {Row{0, 0, 0, 0, 0.25, 0}, Row{1, 60, 1, -9, 0.75, 1}}) {
                EXPECT_TRUE(std::isfinite(under.density().log_density(under.spots(row)))) << size;
            }
            RandomStream random{1, size, RandomPurpose::simulation};
            Row draw(methods.size());
            for (int i = 0; i < 100; ++i) {
                under.density().sample(random, draw);
                EXPECT_TRUE(std::ranges::all_of(draw, [](double x) { return std::isfinite(x); }));
            }
        }
    }
}

}  // namespace
}  // namespace hpogrid::optimizers
