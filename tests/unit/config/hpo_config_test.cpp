#include "engine/config/hpo_config.hpp"

#include "tests/unit/config/refusal.hpp"

#include <gmock/gmock.h>

namespace hpogrid::config {
namespace {

using nlohmann::json;
using testing::HasSubstr;

HpoConfig read(const json& value) {
    return read_hpo_config(Located{value, "p.json", "hpo_config"});
}
std::string refusal_of(const json& value) {
    return refusal([&] { return read(value); });
}

TEST(HpoConfig, HasTheSeedsDefaults) {
    const HpoConfig config = read(json::object());
    EXPECT_EQ(config.algorithm, "random");
    EXPECT_EQ(config.scheduler, "asynchyperband");
    EXPECT_EQ(config.metric, "accuracy");
    EXPECT_EQ(config.mode, study::Mode::maximize);
    EXPECT_EQ(config.num_trials, 100U);
    EXPECT_EQ(config.log_dir, "./log");
    EXPECT_EQ(config.stop, (std::vector<std::pair<std::string, double>>{{"training_iteration", 1.0}}));
    EXPECT_FALSE(config.slots_per_gpu);
    EXPECT_FALSE(config.seed);
}

TEST(HpoConfig, ReadsEveryKey) {
    const HpoConfig config = read(json::parse(R"({
        "algorithm": "grid", "algorithm_param": {"a": 1}, "scheduler": "none", "scheduler_param": {"max_t": 3},
        "metric": "loss", "mode": "min", "extra_metrics": ["f1", "f1", "auc"], "num_trials": 7, "max_concurrent": 3,
        "stop": {"loss": 0.5, "training_iteration": 9}, "resource": {"cpu": 2, "gpu": 1}, "log_dir": "logs",
        "verbose": true, "seed": 18446744073709, "retries": 2, "trial_timeout": 60, "silence_timeout": 5.5,
        "slots_per_gpu": 4})"));
    EXPECT_EQ(config.algorithm, "grid");
    EXPECT_EQ(config.algorithm_param, json({{"a", 1}}));
    EXPECT_EQ(config.scheduler, "none");
    EXPECT_EQ(config.scheduler_param, json({{"max_t", 3}}));
    EXPECT_EQ(config.metric, "loss");
    EXPECT_EQ(config.mode, study::Mode::minimize);
    EXPECT_THAT(config.extra_metrics, testing::ElementsAre("f1", "auc"));
    EXPECT_EQ(config.num_trials, 7U);
    EXPECT_EQ(config.max_concurrent, 3U);
    EXPECT_EQ(config.stop, (std::vector<std::pair<std::string, double>>{{"loss", 0.5}, {"training_iteration", 9}}));
    EXPECT_EQ(config.cpus_per_trial, 2);
    EXPECT_EQ(config.gpus_per_trial, 1);
    EXPECT_EQ(config.log_dir, "logs");
    EXPECT_EQ(config.verbose, 1);
    EXPECT_EQ(config.seed, 18446744073709U);
    EXPECT_EQ(config.retries, 2U);
    EXPECT_EQ(config.trial_timeout, 60);
    EXPECT_EQ(config.silence_timeout, 5.5);
    EXPECT_EQ(config.slots_per_gpu, 4U);
}

TEST(HpoConfig, TakesObjectsAsTheSeedsCommandLineStoresThem) {
    const HpoConfig config = read({{"stop", R"({"training_iteration": 5})"},
                                   {"scheduler_param", R"({"max_concurrent": 4})"},
                                   {"algorithm_param", "{}"},
                                   {"extra_metrics", "f1, auc"}});
    EXPECT_EQ(config.stop.front().second, 5);
    EXPECT_EQ(config.max_concurrent, 4U);
    EXPECT_TRUE(config.scheduler_param.empty());
    EXPECT_THAT(config.extra_metrics, testing::ElementsAre("f1", "auc"));
}

TEST(HpoConfig, TakesNullForAnAbsentKeyWhereTheSeedDoes) {
    const HpoConfig config = read(json::parse(
        R"({"extra_metrics": null, "resource": null, "log_dir": null, "scheduler_param": null, "algorithm_param": null})"));
    EXPECT_EQ(config.log_dir, "./log");
    EXPECT_TRUE(config.algorithm_param.is_object());
}

TEST(HpoConfig, KnowsThreeWaysToSayNoScheduler) {
    EXPECT_EQ(read({{"scheduler", nullptr}}).scheduler, "none");
    EXPECT_EQ(read({{"scheduler", "none"}}).scheduler, "none");
    EXPECT_EQ(read({{"scheduler", "None"}}).scheduler, "none");
}

TEST(HpoConfig, TakesBothNamesOfTheNumberOfTrials) {
    EXPECT_EQ(read({{"trials", 12}}).num_trials, 12U);
    EXPECT_EQ(read({{"trials", 12}, {"num_trials", 12}}).num_trials, 12U);
    EXPECT_THAT(refusal_of({{"trials", 12}, {"num_trials", 13}}),
                HasSubstr("key 'hpo_config.trials' is 12 (but 'hpo_config.num_trials' is 13)"));
}

TEST(HpoConfig, ReadsMinusOneTrialsAsOneAGpu) {
    EXPECT_TRUE(read({{"num_trials", -1}}).one_trial_per_gpu);
    EXPECT_THAT(refusal_of({{"num_trials", -2}}), HasSubstr("an integer from 1 to 1000000000, or -1"));
}

TEST(HpoConfig, LetsTrialsShareAGpuByAFraction) {
    EXPECT_EQ(read({{"resource", {{"gpu", 0.25}}}}).slots_per_gpu, 4U);
    EXPECT_EQ(read({{"resource", {{"gpu", 1.0 / 3}}}}).slots_per_gpu, 3U);
    EXPECT_EQ(read({{"resource", {{"gpu", 0.25}}}, {"slots_per_gpu", 2}}).slots_per_gpu, 2U);
    EXPECT_THAT(refusal_of({{"resource", {{"gpu", 1.5}}}}), HasSubstr("resource.gpu is 1.5"));
}

TEST(HpoConfig, NamesTheNearestKeyOfATypo) {
    EXPECT_THAT(
        refusal_of({{"algortihm", "random"}}),
        HasSubstr("p.json: key 'hpo_config.algortihm' is unknown (did you mean 'algorithm'?), allowed: algorithm,"));
    EXPECT_THAT(refusal_of({{"resource", {{"gpus", 1}}}}),
                HasSubstr("'hpo_config.resource.gpus' is unknown (did you mean"));
}

TEST(HpoConfig, NamesTheNearestAlgorithm) {
    EXPECT_THAT(refusal_of({{"algorithm", "randm"}}),
                HasSubstr(R"(key 'hpo_config.algorithm' is "randm" (did you mean 'random'?), allowed: )"));
}

}  // namespace
}  // namespace hpogrid::config
