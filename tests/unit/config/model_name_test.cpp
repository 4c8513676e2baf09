#include "engine/config/model_name.hpp"

#include "engine/config/project.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/config/refusal.hpp"

#include <gmock/gmock.h>

namespace hpogrid::config {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class ModelName : public testing::Test {
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

TEST_F(ModelName, IsFoundHoweverTheScriptNamesIt) {
    for (const char* script : {"def train(config): pass", "class train:\n  pass", "import f\ntrain = f.g",
                               "from other import (a,\n  train)", "if True:\n    def train(c): pass"}) {
        EXPECT_NO_THROW(check_model_name(project(script))) << script;
    }
}

TEST_F(ModelName, MayComeFromWhereItCannotBeSeen) {
    for (const char* script :
         {"from other import *", "globals()['tra' + 'in'] = print", "def __getattr__(name): pass"}) {
        EXPECT_NO_THROW(check_model_name(project(script))) << script;
    }
}

TEST_F(ModelName, IsRefusedWhereTheScriptNeverMentionsIt) {
    const Project typo = project("def trian(config): pass\nclass Net:\n    pass\ntrainer = 1\n");
    EXPECT_THAT(refusal([&] { return check_model_name(typo), 0; }),
                AllOf(HasSubstr("p.json: key 'model_config.model' is \"train\""), HasSubstr("did you mean 'trian'?"),
                      HasSubstr("allowed: trian, Net")));
    const Project empty = project("");
    EXPECT_THAT(refusal([&] { return check_model_name(empty), 0; }), HasSubstr("a function or class"));
}

TEST_F(ModelName, OfAPluginIsAmongItsSymbols) {
    using namespace std::string_literals;
    folder_.write("libtrain.so",
                  "\x7F"
                  "ELF\0hpogrid_plugin_rings\0uses hpogrid_plugin_cubes\0hpogrid_plugin_\0"s);
    document_["model_config"]["script"] = "libtrain.so";
    document_["model_config"]["model"] = "rings";
    EXPECT_NO_THROW(check_model_name(project("")));
    for (const char* name : {"ring", "cubes"}) {
        document_["model_config"]["model"] = name;
        const Project typo = project("");
        EXPECT_THAT(refusal([&] { return check_model_name(typo), 0; }), HasSubstr("allowed: rings"));
    }
}

}  // namespace
}  // namespace hpogrid::config
