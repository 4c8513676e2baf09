#include "engine/config/model_config.hpp"

#include "engine/config/script_kind.hpp"
#include "tests/unit/config/refusal.hpp"

#include <gmock/gmock.h>

namespace hpogrid::config {
namespace {

using nlohmann::json;
using testing::HasSubstr;

ModelConfig read(const json& value) {
    return read_model_config(Located{value, "p.json", "model_config"});
}
std::string refusal_of(const json& value) {
    return refusal([&] { return read(value); });
}

TEST(ScriptKind, FollowsFromTheName) {
    EXPECT_EQ(script_kind("a/train.py"), ScriptKind::python);
    EXPECT_EQ(script_kind("libtrain.so"), ScriptKind::plugin);
    EXPECT_EQ(script_kind("builtin"), ScriptKind::native);
    EXPECT_EQ(script_kind("train.sh"), ScriptKind::command);
}

TEST(ModelConfig, ReadsAPythonScript) {
    const ModelConfig config =
        read({{"script", "train.py"}, {"model", "Net"}, {"param", R"({"epochs": 3})"}, {"start", "spawn"}});
    EXPECT_EQ(config.script, "train.py");
    EXPECT_EQ(config.model, "Net");
    EXPECT_EQ(config.param, json({{"epochs", 3}}));
    EXPECT_EQ(config.start, StartMethod::spawn);
}

TEST(ModelConfig, ReadsACommandWithoutAModel) {
    const ModelConfig config =
        read({{"script", "train"}, {"arguments", {"--lr={lr}", "two words\nand a line"}}, {"result_file", "out.json"}});
    EXPECT_THAT(config.arguments, testing::ElementsAre("--lr={lr}", "two words\nand a line"));
    EXPECT_EQ(config.result_file, "out.json");
}

TEST(ModelConfig, NeedsAModelInAScript) {
    EXPECT_THAT(refusal_of({{"script", "train.py"}}),
                HasSubstr("key 'model_config.model' is missing, allowed: name of a"));
    EXPECT_THAT(refusal_of({{"script", "train.py"}, {"model", "os.system('x')"}}), HasSubstr("no name that a program"));
}

TEST(ModelConfig, StaysBelowTheScripts) {
    for (const char* script : {"../train.py", "a/../../train.py", "/tmp/train.py", "..", "../run.sh"}) {
        EXPECT_THAT(refusal_of({{"script", script}, {"model", "f"}}), HasSubstr("(it leads out of scripts_path)"))
            << script;
    }
    EXPECT_NO_THROW(read({{"script", "a/../train.py"}, {"model", "f"}}));
    EXPECT_NO_THROW(read({{"script", "/opt/train"}}));
}

TEST(ModelConfig, RefusesKeysThatItsScriptWouldIgnore) {
    EXPECT_THAT(refusal_of({{"script", "t.py"}, {"model", "f"}, {"arguments", {"a"}}}), HasSubstr("for commands only"));
    EXPECT_THAT(refusal_of({{"script", "t.sh"}, {"start", "fork"}}), HasSubstr("for *.py only"));
}

TEST(ModelConfig, RefusesNativeTrainersThatAreNotThere) {
    EXPECT_THAT(refusal_of({{"script", "builtin"}, {"model", "cnn"}}), HasSubstr("allowed: mlp"));
}

}  // namespace
}  // namespace hpogrid::config
