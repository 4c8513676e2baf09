#include "engine/config/python_model.hpp"

#include "engine/config/project.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/config/refusal.hpp"

#include <gmock/gmock.h>

namespace hpogrid::config {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class PythonModel : public testing::Test {
  protected:
    Project project(const char* script) {
        folder_.write("train.py", script);
        return parse_project(document_, folder_.path() / "p.json");
    }

    tests::TemporaryFolder folder_;
    nlohmann::json document_ = nlohmann::json::parse(R"({
        "project_name": "digits",
        "model_config": {"script": "train.py", "model": "train"},
        "search_space": {"x": {"method": "uniform", "dimension": {"low": 0, "high": 1}}}})");
};

TEST_F(PythonModel, IsFoundHoweverTheScriptNamesIt) {
    for (const char* script : {"def train(config): pass", "class train:\n  pass", "import f\ntrain = f.g",
                               "from other import (a,\n  train)", "if True:\n    def train(c): pass"}) {
        EXPECT_NO_THROW(check_python_model(project(script))) << script;
    }
}

TEST_F(PythonModel, MayComeFromWhereItCannotBeSeen) {
    for (const char* script :
         {"from other import *", "globals()['tra' + 'in'] = print", "def __getattr__(name): pass"}) {
        EXPECT_NO_THROW(check_python_model(project(script))) << script;
    }
}

TEST_F(PythonModel, IsRefusedWhereTheScriptNeverMentionsIt) {
    const Project typo = project("def trian(config): pass\nclass Net:\n    pass\ntrainer = 1\n");
    EXPECT_THAT(refusal([&] { return check_python_model(typo), 0; }),
                AllOf(HasSubstr("p.json: key 'model_config.model' is \"train\""), HasSubstr("did you mean 'trian'?"),
                      HasSubstr("allowed: trian, Net")));
    const Project empty = project("");
    EXPECT_THAT(refusal([&] { return check_python_model(empty), 0; }), HasSubstr("a function or class"));
}

}  // namespace
}  // namespace hpogrid::config
