#include "launchers/configurations/store.hpp"

#include "tests/support/temporary_folder.hpp"
#include "tests/unit/config/refusal.hpp"

#include <gmock/gmock.h>

namespace hpogrid::launchers {
namespace {

using config::refusal;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

class StoreTest : public testing::Test {
  protected:
    tests::TemporaryFolder folder_;
    Store store_{folder_.path() / "config/hpo", kinds().front()};
};

TEST_F(StoreTest, ReadsWhatItWrote) {
    store_.create("a", {{"metric", "loss"}});
    EXPECT_EQ(store_.read("a"), json({{"metric", "loss"}}));
    EXPECT_THAT(store_.list(), ElementsAre("a"));
    EXPECT_EQ(store_.path("a"), folder_.path() / "config/hpo/a.json");
}

TEST_F(StoreTest, CreatesNothingOverAnother) {
    store_.create("a", {{"metric", "loss"}});
    EXPECT_THAT(refusal([&] {
                    store_.create("a", {{"metric", "auc"}});
                    return 0;
                }),
                HasSubstr("exists already"));
    EXPECT_EQ(store_.read("a").at("metric"), "loss");
}

TEST_F(StoreTest, KeepsWhatItReplacesOrRemoves) {
    store_.create("a", {{"metric", "loss"}});
    const auto backup = store_.recreate("a", {{"metric", "auc"}});
    EXPECT_TRUE(std::filesystem::exists(backup));
    EXPECT_EQ(store_.read("a").at("metric"), "auc");
    EXPECT_TRUE(std::filesystem::exists(store_.remove("a")));
    EXPECT_THAT(store_.list(), ElementsAre());
}

TEST_F(StoreTest, LeavesTheOldOneWhereTheNewOneIsBad) {
    store_.create("a", {{"metric", "loss"}});
    EXPECT_THAT(refusal([&] {
                    return store_.recreate("a", {{"metrc", "auc"}});
                }),
                HasSubstr("a.json: key 'metrc' is unknown (did you mean 'metric'?)"));
    EXPECT_EQ(store_.read("a").at("metric"), "loss");
}

TEST_F(StoreTest, NamesTheNearestWhereThereIsNone) {
    store_.create("bayesian", json::object());
    EXPECT_THAT(refusal([&] { return store_.read("baysian"); }), HasSubstr("did you mean 'bayesian.json'?"));
}

TEST_F(StoreTest, ListsByPattern) {
    for (const char* name : {"a1", "a2", "b1"}) {
        store_.create(name, json::object());
    }
    EXPECT_THAT(store_.list("a*"), ElementsAre("a1", "a2"));
}

}  // namespace
}  // namespace hpogrid::launchers
