#include "engine/trials/native/bdt/xgboost.hpp"

#include <fmt/format.h>
#include <xgboost/c_api.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace hpogrid::trials {
namespace {

/// `[12:00:00] ./src/file.cc:72: what is wrong` and a stack trace: what is wrong.
std::string first_line(std::string_view text) {
    std::string_view line = text.substr(0, text.find('\n'));
    if (const std::size_t place = line.find(".cc:"); place != std::string_view::npos) {
        const std::size_t end = line.find(": ", place);
        line = end == std::string_view::npos ? line : line.substr(end + 2);
    }
    return std::string{line};
}

void check(int status) {
    if (status != 0) {
        throw std::runtime_error{fmt::format("XGBoost: {}", first_line(XGBGetLastError()))};
    }
}

void set_column(void* matrix, const char* name, std::span<const float> values) {
    check(XGDMatrixSetFloatInfo(matrix, name, values.data(), values.size()));
}

}  // namespace

XgMatrix::XgMatrix(std::span<const float> values, std::span<const float> labels, std::span<const float> weights) {
    check(XGDMatrixCreateFromMat(values.data(), labels.size(), values.size() / labels.size(),
                                 std::numeric_limits<float>::quiet_NaN(), &handle_));
    try {
        set_column(handle_, "label", labels);
        set_column(handle_, "weight", weights);
    } catch (...) {
        XGDMatrixFree(handle_);
        throw;
    }
}

XgMatrix::~XgMatrix() {
    XGDMatrixFree(handle_);
}

XgBooster::XgBooster(std::span<const XgMatrix* const> matrices, std::vector<XgParameter> parameters)
    : parameters_{std::move(parameters)} {
    std::vector<DMatrixHandle> handles;
    for (const XgMatrix* matrix : matrices) {
        handles.push_back(matrix->handle());
    }
    check(XGBoosterCreate(handles.data(), handles.size(), &handle_));
    set_parameters();
}

XgBooster::XgBooster(XgBooster&& other) noexcept
    : handle_{std::exchange(other.handle_, nullptr)}, parameters_{std::move(other.parameters_)} {}

XgBooster& XgBooster::operator=(XgBooster&& other) noexcept {
    std::swap(handle_, other.handle_);
    std::swap(parameters_, other.parameters_);
    return *this;
}

XgBooster::~XgBooster() {
    if (handle_ != nullptr) {
        XGBoosterFree(handle_);
    }
}

void XgBooster::set(const XgParameter& parameter) {
    check(XGBoosterSetParam(handle_, parameter.name.c_str(), parameter.value.c_str()));
}

void XgBooster::set_parameters() {
    for (const XgParameter& parameter : parameters_) {
        set(parameter);
    }
}

void XgBooster::boost(int round, const XgMatrix& training) {
    // What grows trees draws columns with random numbers of its own, which go on from round to round and are in no
    // state. Another method for a moment (until it is asked for its configuration) makes it anew, without parameters.
    for (const char* method : {"exact", "hist"}) {
        bst_ulong length = 0;
        const char* configuration = nullptr;
        set({"tree_method", method});
        check(XGBoosterSaveJsonConfig(handle_, &length, &configuration));
    }
    set_parameters();
    check(XGBoosterUpdateOneIter(handle_, round, training.handle()));
}

std::vector<float> XgBooster::margins(const XgMatrix& matrix) const {
    constexpr const char* options =
        R"({"type": 1, "training": false, "iteration_begin": 0, "iteration_end": 0, "strict_shape": true})";
    const bst_ulong* shape = nullptr;
    bst_ulong dimensions = 0;
    const float* values = nullptr;
    check(XGBoosterPredictFromDMatrix(handle_, matrix.handle(), options, &shape, &dimensions, &values));
    const auto count = std::accumulate(shape, shape + dimensions, bst_ulong{1}, std::multiplies{});
    return {values, values + count};
}

double XgBooster::evaluate(const XgMatrix& matrix) const {
    std::array<DMatrixHandle, 1> matrices{matrix.handle()};
    std::array<const char*, 1> names{"rows"};
    const char* text = nullptr;
    check(XGBoosterEvalOneIter(handle_, 0, matrices.data(), names.data(), matrices.size(), &text));
    // "[0]\trows-logloss:0.69314718055994529"
    const std::string_view line{text};
    return std::strtod(text + line.rfind(':') + 1, nullptr);
}

std::string XgBooster::state() const {
    bst_ulong length = 0;
    const char* bytes = nullptr;
    check(XGBoosterSerializeToBuffer(handle_, &length, &bytes));
    return {bytes, length};
}

void XgBooster::set_state(std::string_view state) {
    check(XGBoosterUnserializeFromBuffer(handle_, state.data(), state.size()));
}

std::string XgBooster::model(int rounds, std::span<const std::string> features,
                             std::span<const XgParameter> attributes) const {
    XgBooster first;
    check(XGBoosterSlice(handle_, 0, rounds, 1, &first.handle_));
    std::vector<const char*> names;
    for (const std::string& feature : features) {
        names.push_back(feature.c_str());
    }
    check(XGBoosterSetStrFeatureInfo(first.handle_, "feature_name", names.data(), names.size()));
    for (const XgParameter& attribute : attributes) {
        check(XGBoosterSetAttr(first.handle_, attribute.name.c_str(), attribute.value.c_str()));
    }
    bst_ulong length = 0;
    const char* text = nullptr;
    check(XGBoosterSaveModelToBuffer(first.handle_, R"({"format": "json"})", &length, &text));
    return {text, length};
}

}  // namespace hpogrid::trials
