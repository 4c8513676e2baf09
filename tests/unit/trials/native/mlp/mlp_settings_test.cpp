#include "engine/trials/native/mlp/mlp_settings.hpp"
#include "tests/unit/trials/native/refusal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>

namespace hpogrid::trials::test {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class MlpSettings : public ::testing::Test {
  protected:
    [[nodiscard]] MlpTrial read(const json& configuration) const { return read_mlp_trial(configuration, data); }

    std::unique_ptr<kernels::Backend> backend = kernels::make_host_backend(1);
    kernels::DataSet data{
        *backend, {.features = 1, .values = {1, 2, 3, 4, 5}, .labels = {0, 1, 0, 1, 1}, .weights = {}}, {{3, 5}}};
};

TEST_F(MlpSettings, HaveNamesThatUsersKnow) {
    for (const json& configuration :
         {json{{"hidden", 20}, {"layers", 3}, {"lr", 0.1}, {"batch_size", 7}, {"dropout", 0.25}, {"weight_decay", 0.5}},
          json{{"units", 20},
               {"num_layers", 3},
               {"learning_rate", 0.1},
               {"batchsize", 7},
               {"dropout_rate", 0.25},
               {"l2", 0.5}}}) {
        const kernels::TrialSettings settings = read(configuration).settings;
        EXPECT_THAT(settings.hidden, ElementsAre(20, 20, 20));
        EXPECT_EQ(settings.slot.learning_rate, 0.1F);
        EXPECT_EQ(settings.slot.batch_size, 7);
        EXPECT_EQ(settings.slot.dropout, 0.25F);
        EXPECT_EQ(settings.slot.weight_decay, 0.5F);
    }
    EXPECT_THAT(read({{"hidden", {5, 6}}}).settings.hidden, ElementsAre(5, 6));
}

TEST_F(MlpSettings, CountEpochsInSteps) {
    const auto slot =
        read({{"epochs", 20}, {"batch_size", 1}, {"schedule", "cosine"}, {"warmup_epochs", 2}}).settings.slot;
    EXPECT_EQ(slot.schedule, kernels::Schedule::cosine);
    EXPECT_EQ(slot.warmup_steps, 6);
    EXPECT_EQ(slot.decay_steps, 60);
}

TEST_F(MlpSettings, KnowWhichNumbersAnOptimizerUses) {
    EXPECT_EQ(read({{"optimizer", "sgd"}, {"momentum", 0.5}}).settings.slot.beta1, 0.5F);
    EXPECT_EQ(read({{"optimizer", "adam"}, {"momentum", 0.5}}).settings.slot.beta1, 0.9F);
    EXPECT_EQ(read({{"optimizer", "rmsprop"}}).settings.slot.beta2, 0.99F);
}

TEST_F(MlpSettings, ChooseWhatNormalizes) {
    using kernels::Normalization;
    EXPECT_EQ(read(json::object()).settings.normalization, Normalization::none);
    EXPECT_EQ(read({{"layer_norm", true}, {"batch_norm", false}}).settings.normalization, Normalization::layer);
    EXPECT_EQ(read({{"batch_norm", true}}).settings.normalization, Normalization::batch);
    EXPECT_THAT(refusal([&] { return read({{"layer_norm", true}, {"batch_norm", true}}); }), HasSubstr("one of them"));
}

TEST_F(MlpSettings, KeepWhatWasGivenByItsOwnNames) {
    const std::string given =
        read({{"units", 20}, {"lr", 0.1}, {"data", "a.h5"}, {"export", {"hdf5"}}}).hyperparameters;
    EXPECT_EQ(json::parse(given), json({{"hidden", 20}, {"lr", 0.1}}));
}

TEST_F(MlpSettings, RefuseWhatIsWrong) {
    // A name of the search space has no value yet when it is checked.
    EXPECT_THAT(refusal([&] { return read({{"export", nullptr}}); }), HasSubstr("allowed: in model_config.param"));
    EXPECT_THAT(refusal([&] { return read({{"learning_rat", 0.1}}); }), HasSubstr("'learning_rat'"));
    EXPECT_THAT(refusal([&] { return read({{"lr", 0.1}, {"learning_rate", 0.1}}); }), HasSubstr("two names"));
    EXPECT_THAT(refusal([&] { return read({{"lr", 0}}); }), HasSubstr("allowed: a number above 0"));
    EXPECT_THAT(refusal([&] { return read({{"activation", "rellu"}}); }), HasSubstr("leaky_relu"));
    EXPECT_THAT(refusal([&] { return read({{"hidden", {5, 0}}}); }), HasSubstr("the number of units is 0"));
    EXPECT_THAT(refusal([&] { return read({{"hidden", 5000}}); }), HasSubstr("5000"));
    EXPECT_THAT(refusal([&] { return read({{"fold", 1}}); }), HasSubstr("the fold is 1"));
}

}  // namespace
}  // namespace hpogrid::trials::test
