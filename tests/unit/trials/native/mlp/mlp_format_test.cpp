#include "engine/trials/native/mlp/mlp_format.hpp"

#include "engine/trials/native/mlp/mlp_onnx.hpp"
#include "tests/unit/trials/native/refusal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace hpogrid::trials::test {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> files(const json& param) {
    std::vector<std::string> names;
    for (const MlpFormat* format : read_mlp_formats(param)) {
        names.emplace_back(format->file);
    }
    return names;
}

std::string refused(const json& formats) {
    return refusal([&] { static_cast<void>(read_mlp_formats({{"export", formats}})); });
}

TEST(MlpFormats, AreAllThatAreBuiltInUnlessSomeAreAskedFor) {
    if (onnx_is_built_in()) {
        EXPECT_THAT(files(json::object()), ElementsAre("model.h5", "model.onnx"));
    } else {
        EXPECT_THAT(files(json::object()), ElementsAre("model.h5"));
    }
    EXPECT_THAT(files({{"export", {"hdf5"}}}), ElementsAre("model.h5"));
    EXPECT_THAT(files({{"export", {"hdf5", "hdf5"}}}), ElementsAre("model.h5"));
}

TEST(MlpFormats, OfOnnxAreRefusedByABuildWithoutIt) {
    if (onnx_is_built_in()) {
        EXPECT_THAT(files({{"export", {"onnx"}}}), ElementsAre("model.onnx"));
    } else {
        EXPECT_THAT(refused({"hdf5", "onnx"}), AllOf(HasSubstr("'onnx'"), HasSubstr("allowed: hdf5, or an engine")));
    }
}

TEST(MlpFormats, ThatNobodyKnowsAreRefused) {
    EXPECT_THAT(refused({"onxx"}), AllOf(HasSubstr("'export'"), HasSubstr("did you mean 'onnx'?")));
    for (const json& wrong : {json(nullptr), json("onnx"), json(3), json::array(), json::array({3})}) {
        EXPECT_THAT(refused(wrong), AllOf(HasSubstr("'export'"), HasSubstr("allowed: "))) << wrong;
    }
}

}  // namespace
}  // namespace hpogrid::trials::test
