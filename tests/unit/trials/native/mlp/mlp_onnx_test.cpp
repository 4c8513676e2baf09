#include "engine/trials/native/mlp/mlp_onnx.hpp"

#include "engine/core/error.hpp"
#include "engine/trials/native/mlp/mlp_settings.hpp"
#include "engine/trials/native/mlp/trained_mlp.hpp"
#include "tests/unit/trials/evaluator_driver.hpp"
#include "tests/unit/trials/native/mlp/onnx_interpreter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <onnx/checker.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <string>

namespace hpogrid::trials::test {
namespace {

using kernels::Activation;
using kernels::Normalization;
using Row = std::vector<double>;

constexpr int inputs = 3;

struct Case {
    Activation activation;
    Normalization normalization;
    int classes;
    int hidden_layers;
};

/// Numbers that are neither even nor small.
std::vector<float> numbers(std::size_t count, double first, double amplitude = 1) {
    std::vector<float> values;
    for (std::size_t i = 0; i < count; ++i) {
        values.push_back(static_cast<float>(amplitude * std::sin(first + 2.4 * static_cast<double>(i))));
    }
    return values;
}

std::vector<float> positive(std::size_t count, double first) {
    std::vector<float> values = numbers(count, first);
    std::ranges::transform(values, values.begin(), [](float value) { return value * value + 0.5F; });
    return values;
}

kernels::Network network_of(const Case& which) {
    kernels::Network network;
    int columns = inputs;
    for (int i = 0; i <= which.hidden_layers; ++i) {
        const bool hidden = i < which.hidden_layers;
        kernels::LayerWeights layer;
        layer.inputs = columns;
        layer.outputs = hidden ? 4 + i : which.classes > 2 ? which.classes : 1;
        const auto units = static_cast<std::size_t>(layer.outputs);
        layer.weights = numbers(units * static_cast<std::size_t>(columns), i, 1.5);
        layer.biases = numbers(units, i + 0.3);
        if (hidden && which.normalization != Normalization::none) {
            layer.gains = numbers(units, i + 0.5, 2);
            layer.shifts = numbers(units, i + 0.7);
        }
        if (hidden && which.normalization == Normalization::batch) {
            layer.means = numbers(units, i + 0.9);
            layer.variances = positive(units, i + 1.1);
        }
        columns = layer.outputs;
        network.push_back(std::move(layer));
    }
    return network;
}

double activate(Activation activation, double x) {
    switch (activation) {
        case Activation::relu:
            return x > 0 ? x : 0;
        case Activation::gelu:
            return x * std::erfc(-x / std::sqrt(2)) / 2;
        case Activation::silu:
            return x / (1 + std::exp(-x));
        case Activation::tanh:
            return std::tanh(x);
        case Activation::elu:
            return x > 0 ? x : std::exp(x) - 1;
        case Activation::sigmoid:
            return 1 / (1 + std::exp(-x));
        case Activation::leaky_relu:
            break;
    }
    return x > 0 ? x : 0.01 * x;
}

void normalize(Row& x, const kernels::LayerWeights& layer) {
    double mean = 0;
    double variance = 0;
    for (const double value : x) {
        mean += value / static_cast<double>(x.size());
        variance += value * value / static_cast<double>(x.size());
    }
    variance -= mean * mean;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const bool batch = !layer.means.empty();
        const double even =
            (x[i] - (batch ? layer.means[i] : mean)) / std::sqrt((batch ? layer.variances[i] : variance) + 1e-5);
        x[i] = even * layer.gains[i] + layer.shifts[i];
    }
}

/// What the network makes of a row, by the definition.
Row expected(const TrainedMlp& model, Row x) {
    for (std::size_t i = 0; i < x.size(); ++i) {
        x[i] = (x[i] - model.mean[i]) * model.scale[i];
    }
    for (const kernels::LayerWeights& layer : model.network) {
        Row next(layer.biases.begin(), layer.biases.end());
        for (std::size_t i = 0; i < layer.weights.size(); ++i) {
            next[i / x.size()] += layer.weights[i] * x[i % x.size()];
        }
        x = next;
        if (!layer.gains.empty()) {
            normalize(x, layer);
        }
        if (&layer != &model.network.back()) {
            std::ranges::transform(x, x.begin(), [&](double value) { return activate(model.activation, value); });
        }
    }
    if (model.classes == 2) {
        return {1 / (1 + std::exp(-x[0]))};
    }
    double sum = 0;
    std::ranges::for_each(x, [&](double value) { sum += std::exp(value); });
    if (model.classes > 2) {
        std::ranges::transform(x, x.begin(), [&](double value) { return std::exp(value) / sum; });
    }
    return x;
}

class MlpOnnx : public ::testing::Test {
  protected:
    /// The file that is written, read back and found good by ONNX's own checker.
    onnx::ModelProto written(const TrainedMlp& model) {
        write_onnx(file, model);
        onnx::ModelProto proto;
        std::ifstream stream{file, std::ios::binary};
        EXPECT_TRUE(proto.ParseFromIstream(&stream));
        EXPECT_NO_THROW(onnx::checker::check_model(proto));
        return proto;
    }
    [[nodiscard]] TrainedMlp model_of(const Case& which) {
        network = network_of(which);
        return {.features = features,
                .hyperparameters = R"({"lr":0.1})",
                .mean = {5, -1, 2000},
                .scale = {0.5F, 2, 0.01F},
                .classes = which.classes,
                .activation = which.activation,
                .network = network,
                .made = made};
    }
    void expect_right(const Case& which) {
        const TrainedMlp model = model_of(which);
        const Matrix events{3, inputs, {5.5, -1.5, 2100, 0, 0, 1900, 8, -0.25, 2040}};
        const Matrix result = evaluate(written(model).graph(), events);
        ASSERT_EQ(result.rows, events.rows);
        for (std::size_t row = 0; row < events.rows; ++row) {
            const Row truth = expected(model, {events.at(row, 0), events.at(row, 1), events.at(row, 2)});
            ASSERT_EQ(result.columns, truth.size());
            for (std::size_t i = 0; i < truth.size(); ++i) {
                EXPECT_NEAR(result.at(row, i), truth[i], 1e-5) << activation_name(which.activation) << ' ' << row;
            }
        }
    }

    TemporaryFolder folder;
    std::filesystem::path file{folder.path() / "model.onnx"};
    std::vector<std::string> features{"pt", "eta", "m\xFF"};
    ModelReport made{.iteration = 7, .metric = "auc", .objective = 0.875};
    kernels::Network network;
};

TEST_F(MlpOnnx, GivesWhatTheNetworkGivesForEveryActivationAndNormalization) {
    for (int activation = 0; activation < kernels::activation_count; ++activation) {
        for (const auto normalization : {Normalization::none, Normalization::layer, Normalization::batch}) {
            expect_right({static_cast<Activation>(activation), normalization, 2, 2});
        }
    }
}

TEST_F(MlpOnnx, GivesProbabilitiesOfClassesOrTheValueOfARegression) {
    expect_right({Activation::tanh, Normalization::none, 4, 1});
    expect_right({Activation::tanh, Normalization::none, 0, 1});
}

TEST_F(MlpOnnx, NeedsNoHiddenLayer) {
    expect_right({Activation::relu, Normalization::none, 2, 0});
}

TEST_F(MlpOnnx, NamesInputAndOutput) {
    const std::map<int, std::string> outputs{{0, "value"}, {2, "probability"}, {3, "probabilities"}};
    for (const auto& [classes, name] : outputs) {
        const onnx::ModelProto proto = written(model_of({Activation::relu, Normalization::none, classes, 1}));
        EXPECT_EQ(proto.graph().input(0).name(), "features");
        EXPECT_EQ(proto.graph().input(0).type().tensor_type().shape().dim(1).dim_value(), inputs);
        EXPECT_EQ(proto.graph().output(0).name(), name);
        EXPECT_EQ(proto.graph().output(0).type().tensor_type().shape().dim_size(), classes > 2 ? 2 : 1);
    }
}

TEST_F(MlpOnnx, IsOfTheOperatorSetThatIsPromised) {
    const onnx::ModelProto proto = written(model_of({Activation::gelu, Normalization::layer, 2, 2}));
    ASSERT_EQ(proto.opset_import_size(), 1);
    EXPECT_EQ(proto.opset_import(0).domain(), "");
    EXPECT_EQ(proto.opset_import(0).version(), 13);
    EXPECT_EQ(proto.ir_version(), 7);
}

TEST_F(MlpOnnx, SaysWhatItWasTrainedWith) {
    std::map<std::string, std::string> metadata;
    const onnx::ModelProto proto = written(model_of({Activation::relu, Normalization::none, 3, 1}));
    for (const onnx::StringStringEntryProto& entry : proto.metadata_props()) {
        metadata[entry.key()] = entry.value();
    }
    EXPECT_THAT(
        metadata,
        ::testing::UnorderedElementsAre(
            ::testing::Pair("features", "[\"pt\",\"eta\",\"m\xEF\xBF\xBD\"]"), ::testing::Pair("classes", "[0,1,2]"),
            ::testing::Pair("hyperparameters", R"({"lr":0.1})"), ::testing::Pair("training_iteration", "7"),
            ::testing::Pair("metric", "auc"), ::testing::Pair("objective", "0.875")));
}

TEST_F(MlpOnnx, ThatCannotBeWrittenIsAnErrorThatNamesTheFile) {
    file = folder.path() / "absent" / "model.onnx";
    try {
        write_onnx(file, model_of({Activation::relu, Normalization::none, 2, 1}));
        FAIL() << "written into a folder that is not there";
    } catch (const OutputError& error) {
        EXPECT_THAT(error.what(), ::testing::HasSubstr(file.string()));
    }
}

}  // namespace
}  // namespace hpogrid::trials::test
