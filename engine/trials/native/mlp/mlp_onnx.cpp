#include "engine/trials/native/mlp/mlp_onnx.hpp"

#include "engine/core/version.hpp"
#include "engine/trials/native/mlp/mlp_settings.hpp"
#include "engine/trials/native/mlp/trained_mlp.hpp"
#include "engine/trials/native/replace_file.hpp"

#include "kernels/api/batch_norm.hpp"
#include "kernels/api/layer_norm.hpp"

#include <fmt/format.h>
#include <onnx/onnx_pb.h>

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <numbers>
#include <numeric>
#include <utility>

namespace hpogrid::trials {
namespace {

using nlohmann::json;

constexpr int operator_set = 13;
constexpr int file_version = 7;  // that of ONNX 1.8, where this operator set came in

/// A graph that grows node by node. A value is known by its name.
class Graph {
  public:
    explicit Graph(onnx::GraphProto& graph) : graph_{graph} {}

    std::string constant(const std::string& name, std::initializer_list<std::size_t> sizes,
                         std::span<const float> values) {
        onnx::TensorProto& tensor = add_constant(name, onnx::TensorProto::FLOAT);
        for (const std::size_t size : sizes) {
            tensor.add_dims(static_cast<std::int64_t>(size));
        }
        tensor.mutable_float_data()->Add(values.begin(), values.end());
        return name;
    }
    std::string vector(const std::string& name, std::span<const float> values) {
        return constant(name, {values.size()}, values);
    }
    std::string number(const std::string& name, float value) { return constant(name, {}, {&value, 1}); }
    std::string index(const std::string& name, std::int64_t value) {
        onnx::TensorProto& tensor = add_constant(name, onnx::TensorProto::INT64);
        tensor.add_dims(1);
        tensor.add_int64_data(value);
        return name;
    }

    /// A node that makes the value `result`.
    onnx::NodeProto& node(const char* operation, std::initializer_list<std::string> inputs, const std::string& result) {
        onnx::NodeProto& node = *graph_.add_node();
        node.set_op_type(operation);
        node.set_name(result);
        for (const std::string& input : inputs) {
            node.add_input(input);
        }
        node.add_output(result);
        return node;
    }
    /// The same without attributes; answers the result.
    std::string apply(const char* operation, std::initializer_list<std::string> inputs, const std::string& result) {
        node(operation, inputs, result);
        return result;
    }

    /// An input or output [row], or [row][columns].
    static void describe(onnx::ValueInfoProto& value, const std::string& name, std::size_t columns, const char* what) {
        value.set_name(name);
        value.set_doc_string(what);
        onnx::TypeProto::Tensor& tensor = *value.mutable_type()->mutable_tensor_type();
        tensor.set_elem_type(onnx::TensorProto::FLOAT);
        tensor.mutable_shape()->add_dim()->set_dim_param("rows");
        if (columns > 0) {
            tensor.mutable_shape()->add_dim()->set_dim_value(static_cast<std::int64_t>(columns));
        }
    }

  private:
    onnx::TensorProto& add_constant(const std::string& name, onnx::TensorProto::DataType type) {
        onnx::TensorProto& tensor = *graph_.add_initializer();
        tensor.set_name(name);
        tensor.set_data_type(type);
        return tensor;
    }

    onnx::GraphProto& graph_;
};

void set(onnx::NodeProto& node, const char* name, std::int64_t value) {
    onnx::AttributeProto& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::INT);
    attribute.set_i(value);
}

void set(onnx::NodeProto& node, const char* name, float value) {
    onnx::AttributeProto& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::FLOAT);
    attribute.set_f(value);
}

void add_standardisation(Graph& graph, const TrainedMlp& model) {
    const std::string mean = graph.vector("mean", model.mean);
    const std::string centred = graph.apply("Sub", {"features", mean}, "centred");
    graph.apply("Mul", {centred, graph.vector("scale", model.scale)}, "standardised");
}

/// The means along each row, which stay columns.
std::string add_row_mean(Graph& graph, const std::string& x, const std::string& result) {
    onnx::NodeProto& node = graph.node("ReduceMean", {x}, result);
    onnx::AttributeProto& axes = *node.add_attribute();
    axes.set_name("axes");
    axes.set_type(onnx::AttributeProto::INTS);
    axes.add_ints(1);
    set(node, "keepdims", std::int64_t{1});
    return result;
}

/// LayerNormalization is an operator only from set 17 on.
std::string add_layer_norm(Graph& graph, const std::string& x, const std::string& layer,
                           const kernels::LayerWeights& weights) {
    const std::string mean = add_row_mean(graph, x, layer + "row_mean");
    const std::string centred = graph.apply("Sub", {x, mean}, layer + "centred");
    const std::string squared = graph.apply("Mul", {centred, centred}, layer + "squared");
    const std::string variance = add_row_mean(graph, squared, layer + "row_variance");
    const std::string epsilon = graph.number(layer + "epsilon", kernels::layer_norm_epsilon);
    const std::string raised = graph.apply("Add", {variance, epsilon}, layer + "raised");
    const std::string deviation = graph.apply("Sqrt", {raised}, layer + "deviation");
    const std::string even = graph.apply("Div", {centred, deviation}, layer + "even");
    const std::string gained =
        graph.apply("Mul", {even, graph.vector(layer + "gains", weights.gains)}, layer + "gained");
    return graph.apply("Add", {gained, graph.vector(layer + "shifts", weights.shifts)}, layer + "normalised");
}

std::string add_batch_norm(Graph& graph, const std::string& x, const std::string& layer,
                           const kernels::LayerWeights& weights) {
    const std::string result = layer + "normalised";
    onnx::NodeProto& node =
        graph.node("BatchNormalization",
                   {x, graph.vector(layer + "gains", weights.gains), graph.vector(layer + "shifts", weights.shifts),
                    graph.vector(layer + "means", weights.means), graph.vector(layer + "variances", weights.variances)},
                   result);
    set(node, "epsilon", kernels::batch_norm_epsilon);
    return result;
}

/// Gelu is an operator only from set 20 on.
std::string add_gelu(Graph& graph, const std::string& x, const std::string& layer, const std::string& result) {
    const std::string root = graph.number(layer + "root_of_2", std::numbers::sqrt2_v<float>);
    const std::string scaled = graph.apply("Div", {x, root}, layer + "scaled");
    const std::string erf = graph.apply("Erf", {scaled}, layer + "erf");
    const std::string raised = graph.apply("Add", {erf, graph.number(layer + "one", 1)}, layer + "raised_erf");
    const std::string doubled = graph.apply("Mul", {x, raised}, layer + "doubled");
    return graph.apply("Mul", {doubled, graph.number(layer + "half", 0.5F)}, result);
}

std::string add_activation(Graph& graph, const std::string& x, const std::string& layer,
                           kernels::Activation activation) {
    using kernels::Activation;
    const std::string result = layer + "activated";
    switch (activation) {
        case Activation::relu:
            return graph.apply("Relu", {x}, result);
        case Activation::gelu:
            return add_gelu(graph, x, layer, result);
        case Activation::silu:
            return graph.apply("Mul", {x, graph.apply("Sigmoid", {x}, layer + "gate")}, result);
        case Activation::tanh:
            return graph.apply("Tanh", {x}, result);
        case Activation::elu:
            set(graph.node("Elu", {x}, result), "alpha", 1.0F);
            return result;
        case Activation::sigmoid:
            return graph.apply("Sigmoid", {x}, result);
        case Activation::leaky_relu:
            break;
    }
    set(graph.node("LeakyRelu", {x}, result), "alpha", 0.01F);
    return result;
}

/// Answers what the last layer gives: [row][output].
std::string add_layers(Graph& graph, const TrainedMlp& model) {
    std::string x = "standardised";
    for (std::size_t i = 0; i < model.network.size(); ++i) {
        const kernels::LayerWeights& weights = model.network[i];
        const std::string layer = fmt::format("layer_{}/", i);
        const auto outputs = static_cast<std::size_t>(weights.outputs);
        const auto inputs = static_cast<std::size_t>(weights.inputs);
        const std::string matrix = graph.constant(layer + "weights", {outputs, inputs}, weights.weights);
        const std::string sum = layer + "sum";
        set(graph.node("Gemm", {x, matrix, graph.vector(layer + "biases", weights.biases)}, sum), "transB",
            std::int64_t{1});
        x = sum;
        if (!weights.gains.empty()) {
            x = weights.means.empty() ? add_layer_norm(graph, x, layer, weights)
                                      : add_batch_norm(graph, x, layer, weights);
        }
        if (i + 1 < model.network.size()) {
            x = add_activation(graph, x, layer, model.activation);
        }
    }
    return x;
}

void add_output(Graph& graph, const std::string& x, const TrainedMlp& model, onnx::ValueInfoProto& output) {
    if (model.classes > 2) {
        set(graph.node("Softmax", {x}, "probabilities"), "axis", std::int64_t{1});
        Graph::describe(output, "probabilities", static_cast<std::size_t>(model.classes), "of each class");
        return;
    }
    const std::string column = graph.index("column", 1);
    if (model.classes == 2) {
        graph.apply("Squeeze", {graph.apply("Sigmoid", {x}, "sigmoid"), column}, "probability");
        Graph::describe(output, "probability", 0, "of class 1");
    } else {
        graph.apply("Squeeze", {x, column}, "value");
        Graph::describe(output, "value", 0, "of the target");
    }
}

void add_metadata(onnx::ModelProto& proto, const char* key, std::string value) {
    onnx::StringStringEntryProto& entry = *proto.add_metadata_props();
    entry.set_key(key);
    entry.set_value(std::move(value));
}

void add_metadata(onnx::ModelProto& proto, const TrainedMlp& model) {
    const json features(std::vector<std::string>(model.features.begin(), model.features.end()));
    // Names of columns may be of any bytes.
    add_metadata(proto, "features", features.dump(-1, ' ', false, json::error_handler_t::replace));
    if (model.classes > 0) {
        std::vector<int> classes(static_cast<std::size_t>(model.classes));
        std::iota(classes.begin(), classes.end(), 0);
        add_metadata(proto, "classes", json(classes).dump());
    }
    add_metadata(proto, "hyperparameters", std::string{model.hyperparameters});
    add_metadata(proto, "training_iteration", fmt::format("{}", model.made.iteration));
    add_metadata(proto, "metric", model.made.metric);
    add_metadata(proto, "objective", fmt::format("{}", model.made.objective));
}

}  // namespace

bool onnx_is_built_in() {
    return true;
}

void write_onnx(const std::filesystem::path& file, const TrainedMlp& model) {
    onnx::ModelProto proto;
    proto.set_ir_version(file_version);
    proto.set_producer_name("hpogrid");
    proto.set_producer_version(std::string{version});
    onnx::OperatorSetIdProto& operators = *proto.add_opset_import();
    operators.set_domain("");
    operators.set_version(operator_set);
    add_metadata(proto, model);

    proto.mutable_graph()->set_name("mlp");
    Graph graph{*proto.mutable_graph()};
    Graph::describe(*proto.mutable_graph()->add_input(), "features", model.features.size(),
                    "columns as they are in the data, in the order of the metadata 'features'");
    add_standardisation(graph, model);
    add_output(graph, add_layers(graph, model), model, *proto.mutable_graph()->add_output());
    replace_file(file, proto.SerializeAsString());
}

}  // namespace hpogrid::trials
