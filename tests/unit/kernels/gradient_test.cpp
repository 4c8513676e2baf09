// The gradients of whole networks against finite differences of an independent network in double precision.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "kernels/trainer/batch_trainer.hpp"
#include "reference_network.hpp"
#include "test_backend.hpp"
#include "training_table.hpp"

namespace hpogrid::kernels {
namespace {

struct Case {
    std::string name;
    Loss loss;
    int classes;
    std::vector<int> hidden;
    Normalization normalization;
    Activation activation;
};

const Case cases[] = {
    {"one_layer_relu", Loss::binary_cross_entropy, 2, {5}, Normalization::none, Activation::relu},
    {"two_layers_gelu", Loss::binary_cross_entropy, 2, {7, 19}, Normalization::none, Activation::gelu},
    {"three_layers_silu", Loss::binary_cross_entropy, 2, {6, 17, 4}, Normalization::none, Activation::silu},
    {"classes_tanh", Loss::cross_entropy, 4, {9, 5}, Normalization::none, Activation::tanh},
    {"regression_elu", Loss::mean_squared_error, 0, {6, 6}, Normalization::none, Activation::elu},
    {"sigmoid", Loss::binary_cross_entropy, 2, {8, 8}, Normalization::none, Activation::sigmoid},
    {"leaky_relu", Loss::mean_squared_error, 2, {8}, Normalization::none, Activation::leaky_relu},
    {"layer_norm_silu", Loss::binary_cross_entropy, 2, {7, 18}, Normalization::layer, Activation::silu},
    {"layer_norm_sigmoid_classes", Loss::cross_entropy, 3, {5, 6}, Normalization::layer, Activation::sigmoid},
    {"no_hidden_layer", Loss::binary_cross_entropy, 2, {}, Normalization::none, Activation::relu},
};

class Gradients : public testing::TestWithParam<Case> {
  protected:
    static constexpr int training_rows = 48;
    static constexpr int rows = 60;

    /// One step of plain gradient descent with learning rate 1 over all training rows, in micro-batches of 20 rows:
    /// the weights move by the gradient.
    void train_once() {
        settings_.hidden = GetParam().hidden;
        settings_.normalization = GetParam().normalization;
        settings_.slot.activation = GetParam().activation;
        settings_.slot.loss = GetParam().loss;
        settings_.slot.optimizer = Optimizer::sgd;
        settings_.slot.beta1 = 0;
        settings_.slot.learning_rate = 1;
        settings_.slot.batch_size = training_rows;
        const auto trial = trainer_.start(settings_);
        before_ = trial->bucket->network(trial->slot);
        validation_before_ = trainer_.validate(*trial).loss;
        trainer_.grant_epochs(*trial, 1);
        trainer_.train();
        training_loss_ = trainer_.take_training_loss(*trial);
        after_ = trial->bucket->network(trial->slot);
    }
    [[nodiscard]] double loss(const Network& network, int begin, int end) const {
        return reference_loss(network, settings_.slot, table_, begin, end, trainer_.data().means(0),
                              trainer_.data().scales(0));
    }
    /// \param part one of a layer's four arrays
    void expect_gradients(std::vector<float> LayerWeights::*part) const {
        for (std::size_t layer = 0; layer < before_.size(); ++layer) {
            for (std::size_t i = 0; i < (before_[layer].*part).size(); ++i) {
                constexpr float distance = 1.0F / 16384;
                Network moved = before_;
                float& parameter = (moved[layer].*part)[i];
                const float middle = parameter;
                parameter = middle + distance;
                const double step = double{parameter} - double{middle};
                const double above = loss(moved, 0, training_rows);
                parameter = middle - distance;
                const double below = loss(moved, 0, training_rows);
                const double gradient = double{middle} - double{(after_[layer].*part)[i]};
                // The rounding of float32 sums sets the limit.
                ASSERT_NEAR(gradient, (above - below) / (2 * step), 2e-5 + 2e-3 * std::fabs(gradient))
                    << "layer " << layer << " element " << i;
            }
        }
    }

    Table table_ = training_table(rows, 11, GetParam().classes);
    BatchTrainer trainer_{make_test_backend(1), table_, single_split(rows, rows - training_rows), {4, 20}};
    TrialSettings settings_;
    Network before_;
    Network after_;
    double training_loss_{0};
    double validation_before_{0};
};

TEST_P(Gradients, AgreeWithFiniteDifferences) {
    train_once();
    expect_gradients(&LayerWeights::weights);
    expect_gradients(&LayerWeights::biases);
    expect_gradients(&LayerWeights::gains);
    expect_gradients(&LayerWeights::shifts);
}

TEST_P(Gradients, AndLossesAreThoseOfThePlainNetwork) {
    train_once();
    EXPECT_NEAR(training_loss_, loss(before_, 0, training_rows), 2e-6);
    EXPECT_NEAR(validation_before_, loss(before_, training_rows, rows), 2e-6);
}

INSTANTIATE_TEST_SUITE_P(All, Gradients, testing::ValuesIn(cases),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace hpogrid::kernels
