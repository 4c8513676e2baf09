#include "engine/optimizers/gaussian_process/trial_model.hpp"

#include "engine/core/random.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace hpogrid::optimizers {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using Kind = Observation::Kind;

/// A history and a model that hear the same.
class Heard {
  public:
    explicit Heard(const space::Space& space, TrialModelOptions options = {})
        : map_{space}, history_{space}, model_{map_, history_, with_kernel(std::move(options)), 1} {}

    void pend(double x) { tell({.kind = Kind::pending, .trial = TrialId{history_.next_index()}, .point = {x}}); }
    void end(std::uint32_t trial, Kind kind, double score = 0.0) {
        tell({.kind = kind, .trial = TrialId{trial}, .score = score});
    }
    void add(double x, double score) {
        pend(x);
        end(history_.next_index() - 1, Kind::finished, score);
    }
    void tell(const Observation& observation) {
        if (history_.tell(observation)) {
            model_.learn(observation);
        }
    }
    void report(std::uint32_t trial, double iteration, double score) {
        tell({.kind = Kind::intermediate, .trial = TrialId{trial}, .score = score, .iteration = iteration});
    }
    [[nodiscard]] TrialModel& model() noexcept { return model_; }
    [[nodiscard]] numerics::Prediction predict() {
        MatrixXd grid(1, 21);
        for (Index i = 0; i < grid.cols(); ++i) {
            grid(0, i) = static_cast<double>(i) / 20.0;
        }
        return model_.process().predict(grid);
    }

  private:
    [[nodiscard]] TrialModelOptions with_kernel(TrialModelOptions options) const {
        options.process.kernel.groups.assign(map_.groups().begin(), map_.groups().end());
        return options;
    }
    FeatureMap map_;
    TrialHistory history_;
    TrialModel model_;
};

class ModelOfTrials : public testing::Test {
  protected:
    static double objective(double x) { return std::sin(6.0 * x) + 2.0 * x; }
    void add_some(Heard& heard, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            const double x = random_.uniform();
            heard.add(x, objective(x));
        }
    }
    const space::Space space_{{{"x", space::Uniform{0, 1}, {}}}};
    RandomStream random_{3, 0, RandomPurpose::simulation};
};

TEST_F(ModelOfTrials, HasNothingToSayBeforeATrialIsFinished) {
    Heard heard{space_};
    EXPECT_FALSE(heard.model().update());
    heard.pend(0.5);
    EXPECT_FALSE(heard.model().update());
    heard.end(0, Kind::failed);
    EXPECT_FALSE(heard.model().update());
    heard.add(0.3, 7.0);
    EXPECT_TRUE(heard.model().update());
    EXPECT_EQ(heard.model().process().size(), 2);
}

TEST_F(ModelOfTrials, PredictsWhatItSaw) {
    Heard heard{space_};
    add_some(heard, 25);
    ASSERT_TRUE(heard.model().update());
    for (const double x : {0.2, 0.5, 0.8}) {
        const double predicted = heard.model().process().predict_mean(MatrixXd::Constant(1, 1, x))(0);
        EXPECT_NEAR(predicted, heard.model().scale()(objective(x)), 0.05) << x;
    }
    EXPECT_EQ(heard.model().best_target(), heard.model().targets().minCoeff());
}

TEST_F(ModelOfTrials, IsTheSameHoweverOftenItWasAsked) {
    Heard often{space_};
    Heard once{space_};
    for (std::size_t i = 0; i < 90; ++i) {
        const double x = random_.uniform();
        for (Heard* either : {&often, &once}) {
            either->pend(x);
            either->end(static_cast<std::uint32_t>(i), i % 7 == 3 ? Kind::failed : Kind::finished, objective(x));
        }
        static_cast<void>(often.model().update());
        if (i > 3) {
            often.model().imagine_pending();
        }
    }
    ASSERT_TRUE(often.model().update());
    ASSERT_TRUE(once.model().update());
    EXPECT_EQ(often.predict().mean, once.predict().mean);
    EXPECT_EQ(often.predict().variance, once.predict().variance);
}

TEST_F(ModelOfTrials, IsTheSameHoweverOftenItWasAskedAlsoWhereTrialsEndEarly) {
    const TrialModelOptions full{.process = {}, .training = Training::full};
    Heard often{space_, full};
    Heard once{space_, full};
    for (std::uint32_t i = 0; i < 90; ++i) {
        const double x = random_.uniform();
        const double rate = random_.uniform();
        for (Heard* either : {&often, &once}) {
            either->pend(x);
            double score = 0.0;
            const int end = i % 9 == 0 ? 9 : i % 3 == 0 ? 3 : 1;
            for (int iteration = 1; iteration <= end; ++iteration) {
                score = objective(x) + std::exp(-rate * iteration);
                either->report(i, iteration, score);
            }
            either->end(i, Kind::finished, score);
        }
        static_cast<void>(often.model().update());
    }
    ASSERT_TRUE(often.model().update());
    ASSERT_TRUE(once.model().update());
    EXPECT_EQ(often.predict().mean, once.predict().mean);
    EXPECT_EQ(often.predict().variance, once.predict().variance);
}

TEST_F(ModelOfTrials, ExpectsOfTrialsThatEndedEarlyWhatOthersGained) {
    // All lose 3 from the first to the last iteration; every third trial gets that far.
    for (const Training training : {Training::full, Training::as_it_was}) {
        Heard heard{space_, {.process = {}, .training = training}};
        for (std::uint32_t i = 0; i < 60; ++i) {
            const double x = random_.uniform();
            heard.pend(x);
            heard.report(i, 1, objective(x) + 3.0);
            if (i % 3 == 0) {
                heard.report(i, 9, objective(x));
            }
            heard.end(i, Kind::finished, objective(x) + (i % 3 == 0 ? 0.0 : 3.0));
        }
        ASSERT_TRUE(heard.model().update());
        double largest = 0.0;
        for (const double x : {0.2, 0.5, 0.8}) {
            const double predicted = heard.model().process().predict_mean(MatrixXd::Constant(1, 1, x))(0);
            largest = std::max(largest, std::abs(predicted - heard.model().scale()(objective(x))));
        }
        EXPECT_EQ(largest < 0.3, training == Training::full) << largest;
    }
}

TEST_F(ModelOfTrials, ImaginesPendingTrialsUntilTheyEnd) {
    Heard heard{space_};
    add_some(heard, 8);
    ASSERT_TRUE(heard.model().update());
    const numerics::Prediction before = heard.predict();
    heard.pend(0.5);
    ASSERT_TRUE(heard.model().update());
    heard.model().imagine_pending();
    EXPECT_EQ(heard.model().process().size(), 9);
    EXPECT_LT((heard.predict().mean - before.mean).cwiseAbs().maxCoeff(), 1e-9);
    heard.pend(0.7);
    ASSERT_TRUE(heard.model().update());
    heard.model().imagine_pending();
    EXPECT_EQ(heard.model().process().size(), 10);
    EXPECT_LE(heard.predict().variance(14), before.variance(14));
    heard.end(8, Kind::withdrawn);
    ASSERT_TRUE(heard.model().update());
    heard.model().imagine_pending();
    EXPECT_EQ(heard.model().process().size(), 9) << "one is left";
    heard.end(9, Kind::withdrawn);
    ASSERT_TRUE(heard.model().update());
    heard.model().imagine_pending();
    EXPECT_LT((heard.predict().variance - before.variance).cwiseAbs().maxCoeff(), 1e-9);
}

TEST_F(ModelOfTrials, LearnsThatAPlaceFails) {
    Heard heard{space_};
    for (const double x : {0.05, 0.25, 0.75, 0.95}) {
        heard.add(x, x);
    }
    for (const double x : {0.45, 0.5, 0.55}) {
        heard.pend(x);
        heard.end(static_cast<std::uint32_t>(heard.model().ended().size()), Kind::failed);
    }
    ASSERT_TRUE(heard.model().update());
    EXPECT_GT(heard.model().process().predict_mean(MatrixXd::Constant(1, 1, 0.5))(0),
              heard.model().scale()(0.95) - 0.1);
}

TEST_F(ModelOfTrials, StaysFiniteWhateverTheScores) {
    for (const std::vector<double>& scores :
         {std::vector<double>{1e308, -1e308, 0.0, 1e308}, {5.0, 5.0, 5.0}, {1e-300, 2e-300, 3e-300}, {0.0}}) {
        for (const PriorMean mean : {PriorMean::zero, PriorMean::constant}) {
            TrialModelOptions options;
            options.process.mean = mean;
            Heard heard{space_, options};
            for (int repeat = 0; repeat < 3; ++repeat) {
                for (std::size_t i = 0; i < scores.size(); ++i) {
                    heard.add(0.2 * static_cast<double>(i), scores[i]);
                    ASSERT_TRUE(heard.model().update());
                    EXPECT_TRUE(heard.predict().mean.allFinite());
                    EXPECT_TRUE(heard.predict().variance.allFinite());
                }
            }
        }
    }
}

TEST(RepresentativeRows, AreAllThatFitOrTheBestAndSomeOfTheRest) {
    EXPECT_THAT(representative_rows(VectorXd{{3, 1, 2}}, 5), testing::ElementsAre(0, 1, 2));
    const VectorXd descending = VectorXd::LinSpaced(100, 100, 1);
    const std::vector<std::size_t> rows = representative_rows(descending, 20);
    ASSERT_EQ(rows.size(), 20U);
    EXPECT_TRUE(std::ranges::is_sorted(rows));
    EXPECT_EQ(std::ranges::adjacent_find(rows), rows.end()) << "all different";
    for (std::size_t best = 95; best < 100; ++best) {
        EXPECT_THAT(rows, testing::Contains(best));
    }
    EXPECT_LT(rows.front(), 10U);
}

}  // namespace
}  // namespace hpogrid::optimizers
