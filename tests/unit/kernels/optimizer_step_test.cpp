#include "kernels/api/optimizer_step.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>
#include <string>

#include "one_slot.hpp"

namespace hpogrid::kernels {
namespace {

/// What an optimiser keeps for one parameter, in double precision.
struct Reference {
    double parameter;
    double first{0};
    double second{0};
};

struct Case {
    std::string name;
    Optimizer optimizer;
    std::function<void(Reference&, double gradient, int step)> step;
};

constexpr double lr = 0.01;
constexpr double b1 = 0.8;
constexpr double b2 = 0.95;
constexpr double eps = 1e-4;
constexpr double decay = 0.1;

void adam(Reference& r, double gradient, int step) {
    r.first = b1 * r.first + (1 - b1) * gradient;
    r.second = b2 * r.second + (1 - b2) * gradient * gradient;
    const double mean = r.first / (1 - std::pow(b1, step));
    const double square = r.second / (1 - std::pow(b2, step));
    r.parameter -= lr * mean / (std::sqrt(square) + eps);
}

const Case cases[] = {
    {"sgd", Optimizer::sgd,
     [](Reference& r, double gradient, int) {
         r.first = b1 * r.first + gradient + decay * r.parameter;
         r.parameter -= lr * r.first;
     }},
    {"adam", Optimizer::adam,
     [](Reference& r, double gradient, int step) { adam(r, gradient + decay * r.parameter, step); }},
    {"adamw", Optimizer::adamw,
     [](Reference& r, double gradient, int step) {
         r.parameter *= 1 - lr * decay;
         adam(r, gradient, step);
     }},
    {"rmsprop", Optimizer::rmsprop,
     [](Reference& r, double gradient, int) {
         gradient += decay * r.parameter;
         r.second = b2 * r.second + (1 - b2) * gradient * gradient;
         r.parameter -= lr * gradient / (std::sqrt(r.second) + eps);
     }},
};
static_assert(std::size(cases) == optimizer_count);

class Optimizers : public testing::TestWithParam<Case> {
  protected:
    Optimizers() {
        SlotSettings& settings = slot_.row.settings;
        settings.optimizer = GetParam().optimizer;
        settings.learning_rate = static_cast<float>(lr);
        settings.beta1 = static_cast<float>(b1);
        settings.beta2 = static_cast<float>(b2);
        settings.epsilon = static_cast<float>(eps);
        settings.weight_decay = static_cast<float>(decay);
        settings.batch_size = 4;
    }
    void step(const DeviceArray<float>& gradients) {
        slot_.run(OptimizerStep{{},
                                training_rows_.span(),
                                vector(parameters_),
                                vector(gradients),
                                vector(first_moments_),
                                vector(second_moments_)});
        ++slot_.row.progress.step;
    }

    OneSlot slot_{4, 16};
    DeviceArray<int> training_rows_{*slot_.backend, std::array{1000}};
    DeviceArray<float> parameters_ = slot_.array(std::vector<float>(16, 0.5F));
    DeviceArray<float> first_moments_{*slot_.backend, 16};
    DeviceArray<float> second_moments_{*slot_.backend, 16};
};

TEST_P(Optimizers, FollowTheirFormulas) {
    std::vector<Reference> expected(16, Reference{0.5});
    for (int i = 1; i <= 20; ++i) {
        std::vector<float> sums;
        for (std::size_t j = 0; j < 16; ++j) {
            const float mean = std::sin(static_cast<float>(i) + static_cast<float>(j));
            sums.push_back(mean * 4);
            GetParam().step(expected[j], mean, i);
        }
        step(slot_.array(sums));
    }
    for (std::size_t j = 0; j < 16; ++j) {
        EXPECT_NEAR(values(parameters_)[j], expected[j].parameter, 2e-6);
    }
}

TEST_P(Optimizers, ClearTheGradients) {
    const auto gradients = slot_.array(std::vector<float>(16, 1.0F));
    step(gradients);
    EXPECT_EQ(values(gradients), std::vector<float>(16, 0.0F));
}

TEST_P(Optimizers, LeaveAParameterThatIsZeroAndHasNoGradientAtZero) {
    parameters_ = slot_.array(std::vector<float>(16, 0.0F));
    for (int i = 0; i < 5; ++i) {
        step(slot_.array(std::vector<float>(16, 0.0F)));
    }
    EXPECT_EQ(values(parameters_), std::vector<float>(16, 0.0F));
}

TEST_P(Optimizers, WaitForTheBatchToBeComplete) {
    slot_.row.settings.batch_size = 8;
    const auto gradients = slot_.array(std::vector<float>(16, 1.0F));
    step(gradients);
    EXPECT_EQ(values(parameters_), std::vector<float>(16, 0.5F));
    EXPECT_EQ(values(gradients), std::vector<float>(16, 1.0F));
}

TEST_P(Optimizers, DoNotWaitForRowsBeyondTheEpoch) {
    slot_.row.settings.batch_size = 8;
    slot_.row.progress.position = 996;
    step(slot_.array(std::vector<float>(16, 1.0F)));
    EXPECT_NE(values(parameters_), std::vector<float>(16, 0.5F));
}

INSTANTIATE_TEST_SUITE_P(All, Optimizers, testing::ValuesIn(cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(LearningRate, RisesLinearlyInTheWarmUp) {
    SlotSettings settings;
    settings.learning_rate = 1;
    settings.warmup_steps = 4;
    EXPECT_FLOAT_EQ(scheduled_learning_rate(settings, 0), 0.25F);
    EXPECT_FLOAT_EQ(scheduled_learning_rate(settings, 3), 1);
    EXPECT_FLOAT_EQ(scheduled_learning_rate(settings, 1000), 1);
}

TEST(LearningRate, FollowsHalfACosine) {
    SlotSettings settings;
    settings.learning_rate = 2;
    settings.schedule = Schedule::cosine;
    settings.decay_factor = 0.1F;
    settings.decay_steps = 100;
    EXPECT_FLOAT_EQ(scheduled_learning_rate(settings, 0), 2);
    EXPECT_NEAR(scheduled_learning_rate(settings, 50), 2 * 0.55, 1e-6);
    EXPECT_NEAR(scheduled_learning_rate(settings, 25), 2 * (0.1 + 0.9 * 0.5 * (1 + std::sqrt(0.5))), 1e-6);
    EXPECT_NEAR(scheduled_learning_rate(settings, 100), 0.2, 1e-6);
    EXPECT_NEAR(scheduled_learning_rate(settings, 5000), 0.2, 1e-6);
}

TEST(LearningRate, FallsInSteps) {
    SlotSettings settings;
    settings.learning_rate = 8;
    settings.schedule = Schedule::step;
    settings.decay_factor = 0.5F;
    settings.decay_steps = 10;
    EXPECT_FLOAT_EQ(scheduled_learning_rate(settings, 9), 8);
    EXPECT_FLOAT_EQ(scheduled_learning_rate(settings, 10), 4);
    EXPECT_FLOAT_EQ(scheduled_learning_rate(settings, 29), 2);
}

}  // namespace
}  // namespace hpogrid::kernels
