#include "engine/config/project.hpp"

#include "engine/config/script_kind.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/config/refusal.hpp"

#include <gmock/gmock.h>

namespace hpogrid::config {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using tests::TemporaryFolder;

/// A folder with one script of each kind, and a project's JSON.
class ProjectReading : public testing::Test {
  protected:
    ProjectReading() {
        folder_.write("train.py", "");
        folder_.write("notes.txt", "");
        folder_.write("libtrain.so", "");
        folder_.write_program("run", "#!/bin/sh\n");
    }
    [[nodiscard]] Project parse() const { return parse_project(document_, file_); }
    [[nodiscard]] std::string refusal_of_script(const char* script) {
        document_["model_config"]["script"] = script;
        return refusal([&] { return parse(); });
    }

    TemporaryFolder folder_;
    std::filesystem::path file_{folder_.path() / "p.json"};
    json document_ = json::parse(R"({
        "project_name": "digits",
        "model_config": {"script": "train.py", "model": "train"},
        "search_space": {"x": {"method": "uniform", "dimension": {"low": 0, "high": 1}}},
        "hpo_config": {"num_trials": 3},
        "grid_config": {"site": null, "retry": 0}})");
};

TEST_F(ProjectReading, KeepsEverySectionAndTheWhole) {
    const Project project = parse();
    EXPECT_EQ(project.name, "digits");
    EXPECT_EQ(project.scripts_path, folder_.path());
    EXPECT_EQ(project.model.model, "train");
    EXPECT_EQ(project.search_space.size(), 1U);
    EXPECT_EQ(project.hpo.num_trials, 3U);
    EXPECT_TRUE(project.grid.sites.empty());
    EXPECT_FALSE(project.grid.retry);
    EXPECT_EQ(project.source, document_);
    EXPECT_EQ(project.file, file_);
}

TEST_F(ProjectReading, IsTheSameFromDocumentTextAndFile) {
    folder_.write("p.json", document_.dump());
    EXPECT_EQ(parse_project_text(document_.dump(), file_).source, parse().source);
    EXPECT_EQ(read_project(file_).source, parse().source);
}

TEST_F(ProjectReading, NeedsNoHpoAndNoGridConfiguration) {
    document_.erase("hpo_config");
    document_.erase("grid_config");
    EXPECT_EQ(parse().hpo.num_trials, 100U);
}

TEST_F(ProjectReading, FindsScriptsOfEveryKind) {
    EXPECT_EQ(resolve_script(parse()), folder_.path() / "train.py");
    document_["model_config"]["script"] = "libtrain.so";
    EXPECT_EQ(resolve_script(parse()), folder_.path() / "libtrain.so");
    document_["model_config"] = {{"script", "run"}};
    EXPECT_EQ(resolve_script(parse()), folder_.path() / "run");
    document_["model_config"] = {{"script", "sh"}};
    EXPECT_TRUE(resolve_script(parse()).is_absolute());
}

TEST_F(ProjectReading, NamesTheNearestScript) {
    EXPECT_THAT(refusal_of_script("trian.py"),
                HasSubstr(R"(key 'model_config.script' is "trian.py" (no such file in )"));
    EXPECT_THAT(refusal_of_script("trian.py"), HasSubstr("(did you mean 'train.py'?)"));
    EXPECT_THAT(refusal_of_script("no-such-command"), HasSubstr("or on $PATH"));
}

TEST_F(ProjectReading, RefusesACommandThatMayNotBeExecuted) {
    EXPECT_THAT(refusal_of_script("notes.txt"), HasSubstr("it is not executable: chmod +x"));
}

TEST_F(ProjectReading, RefusesAHyperparameterThatParamWouldOverwrite) {
    document_["model_config"]["param"] = {{"x", 1}};
    EXPECT_THAT(refusal([&] { return parse(); }), HasSubstr("'model_config.param.x': is also a hyperparameter"));
}

TEST_F(ProjectReading, RefusesNamesThatLeadElsewhere) {
    for (const char* name : {"", ".", "..", "a/b", "a\\b", "a\nb"}) {
        document_["project_name"] = name;
        EXPECT_THAT(refusal([&] { return parse(); }), HasSubstr("p.json: key 'project_name' is ")) << name;
    }
}

TEST_F(ProjectReading, NamesTheNearestSection) {
    document_["search_spce"] = json::object();
    EXPECT_THAT(refusal([&] { return parse(); }),
                HasSubstr("key 'search_spce' is unknown (did you mean 'search_space'?), allowed: project_name,"));
}

TEST_F(ProjectReading, PutsTheFileBeforeWhatAlgorithmsAndSchedulersRefuse) {
    document_["hpo_config"]["algorithm_param"] = {{"no_such_parameter", 1}};
    EXPECT_THAT(
        refusal([&] { return parse(); }),
        testing::AllOf(HasSubstr("p.json: key 'hpo_config.algorithm_param': "), HasSubstr("no_such_parameter")));
    document_["hpo_config"] = {{"scheduler_param", {{"no_such_parameter", 1}}}};
    EXPECT_THAT(
        refusal([&] { return parse(); }),
        testing::AllOf(HasSubstr("p.json: key 'hpo_config.scheduler_param': "), HasSubstr("no_such_parameter")));
}

}  // namespace
}  // namespace hpogrid::config
