#include "launchers/projects/project_store.hpp"

#include "tests/support/temporary_folder.hpp"
#include "tests/unit/config/refusal.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

namespace hpogrid::launchers {
namespace {

namespace fs = std::filesystem;
using config::refusal;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

class ProjectStoreTest : public testing::Test {
  protected:
    ProjectParts parts(const std::string& script = "def objective(config): return {'loss': 0}\n") {
        folder_.write("scripts/train.py", script);
        return {
            .scripts_path = folder_.path() / "scripts",
            .sections = {{"model_config", {{"script", "train.py"}, {"model", "objective"}}},
                         {"search_space", {{"x", {{"method", "uniform"}, {"dimension", {{"low", 0}, {"high", 1}}}}}}},
                         {"hpo_config", {{"metric", "loss"}, {"mode", "min"}}}}};
    }
    std::string content(const fs::path& file) {
        std::ifstream stream{file};
        return {std::istreambuf_iterator<char>{stream}, {}};
    }

    tests::TemporaryFolder folder_;
    ProjectStore store_{Workspace{folder_.path()}};
};

TEST_F(ProjectStoreTest, MakesAProjectOfTheSeedsForm) {
    store_.create("p", parts());
    EXPECT_TRUE(fs::exists(folder_.path() / "projects/p/config/project_config.json"));
    EXPECT_TRUE(fs::exists(folder_.path() / "projects/p/scripts/train.py"));
    EXPECT_EQ(store_.read("p").at("project_name"), "p");
    EXPECT_THAT(store_.list(), ElementsAre("p"));
}

TEST_F(ProjectStoreTest, LeavesNothingOfAProjectThatTheEngineWouldRefuse) {
    ProjectParts bad = parts();
    bad.sections["model_config"]["script"] = "trian.py";
    EXPECT_THAT(refusal([&] {
                    store_.create("p", bad);
                    return 0;
                }),
                testing::AllOf(HasSubstr("projects/p/config/project_config.json: key 'model_config.script'"),
                               HasSubstr("did you mean 'train.py'?")));
    EXPECT_TRUE(fs::is_empty(folder_.path() / "projects"));
}

TEST_F(ProjectStoreTest, SaysWhatIsMissing) {
    ProjectParts without_space = parts();
    without_space.sections.erase("search_space");
    EXPECT_THAT(refusal([&] {
                    store_.create("p", without_space);
                    return 0;
                }),
                HasSubstr("--search_space is missing"));
}

TEST_F(ProjectStoreTest, KeepsTheOldProjectWithItsResultsInTheBackup) {
    store_.create("p", parts());
    folder_.write("projects/p/runs/1/results.h5", "results");
    const fs::path backup = store_.recreate("p", parts());
    EXPECT_EQ(content(backup / "runs/1/results.h5"), "results");
    EXPECT_THAT(backup.string(), testing::MatchesRegex(".*/projects/backup/p_[0-9]{14}"));
    EXPECT_FALSE(fs::exists(folder_.path() / "projects/p/runs"));
}

TEST_F(ProjectStoreTest, UpdatesPartsAndKeepsResults) {
    store_.create("p", parts("old = 1\n"));
    folder_.write("projects/p/runs/1/results.h5", "results");
    EXPECT_EQ(store_.update("p", {{}, {{"hpo_config", {{"metric", "auc"}}}}}), std::nullopt);
    EXPECT_EQ(store_.read("p").at("hpo_config"), json({{"metric", "auc"}}));
    ProjectParts scripts;
    scripts.scripts_path = folder_.write("new/train.py", "new = 1\n");
    const auto backup = store_.update("p", scripts);
    ASSERT_TRUE(backup);
    EXPECT_EQ(content(*backup / "train.py"), "old = 1\n");
    EXPECT_EQ(content(folder_.path() / "projects/p/scripts/train.py"), "new = 1\n");
    EXPECT_EQ(content(folder_.path() / "projects/p/runs/1/results.h5"), "results");
    EXPECT_EQ(store_.read("p").at("hpo_config"), json({{"metric", "auc"}}));
}

TEST_F(ProjectStoreTest, ChangesNothingWhereTheUpdateIsBad) {
    store_.create("p", parts());
    EXPECT_THAT(refusal([&] {
                    return store_.update("p", {{}, {{"hpo_config", {{"mode", "down"}}}}});
                }),
                HasSubstr("key 'hpo_config.mode'"));
    EXPECT_EQ(store_.read("p").at("hpo_config").at("mode"), "min");
}

}  // namespace
}  // namespace hpogrid::launchers
