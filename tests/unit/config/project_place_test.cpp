#include "engine/config/project_place.hpp"

#include "tests/support/temporary_folder.hpp"
#include "tests/support/unprivileged.hpp"
#include "tests/unit/config/refusal.hpp"

#include <gmock/gmock.h>

namespace hpogrid::config {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using tests::TemporaryFolder;

TEST(ProjectPlace, IsAFolderOfTheSeedsForm) {
    const TemporaryFolder folder;
    folder.write("config/project_config.json", "{}");
    folder.write("scripts/train.py", "");
    const ProjectPlace place = find_project(folder.path());
    EXPECT_EQ(place.file, folder.path() / "config/project_config.json");
    EXPECT_EQ(resolve_scripts_path(Located{json::object(), ""}, place), folder.path() / "scripts");
}

TEST(ProjectPlace, IsAFolderWithItsJsonInOtherPlaces) {
    for (const char* name : {"config/config.json", "project_config.json", "config.json"}) {
        const TemporaryFolder folder;
        folder.write(name, "{}");
        EXPECT_EQ(find_project(folder.path()).file, folder.path() / name);
    }
}

TEST(ProjectPlace, IsANameBelowTheBasePath) {
    const TemporaryFolder folder;
    folder.write("projects/mine/config/project_config.json", "{}");
    ASSERT_EQ(::setenv("HPOGRID_BASE_PATH", folder.path().c_str(), 1), 0);
    EXPECT_EQ(find_project("mine").file, folder.path() / "projects/mine/config/project_config.json");
    EXPECT_THAT(refusal([] { return find_project("mien").file; }), HasSubstr("(did you mean 'mine'?)"));
    ::unsetenv("HPOGRID_BASE_PATH");
}

TEST(ProjectPlace, IsAFileWhoseFolderHoldsTheScripts) {
    const TemporaryFolder folder;
    const auto file = folder.write("my.json", "{}");
    folder.write("training/train.py", "");
    const ProjectPlace place = find_project(file);
    const auto scripts = [&](const json& document) {
        return resolve_scripts_path(Located{document, "my.json"}, place);
    };
    EXPECT_EQ(scripts(json::object()), folder.path());
    EXPECT_EQ(scripts({{"scripts_path", "training"}}), folder.path() / "training");
    EXPECT_EQ(scripts({{"scripts_path", "training/train.py"}}), folder.path() / "training");
    EXPECT_EQ(scripts({{"scripts_path", folder.path().string()}}), folder.path());
}

TEST(ProjectPlace, PrefersTheProjectsOwnScriptsToThePathOfAnotherMachine) {
    const TemporaryFolder folder;
    folder.write("config/project_config.json", "{}");
    folder.write("scripts/train.py", "");
    folder.write("other/train.py", "");
    for (const ProjectPlace& place :
         {find_project(folder.path()), find_project(folder.path() / "config/project_config.json")}) {
        const auto scripts = [&](const json& document) { return resolve_scripts_path(Located{document, ""}, place); };
        EXPECT_EQ(scripts({{"scripts_path", "/afs/cern.ch/somewhere/train.py"}}), folder.path() / "scripts");
        EXPECT_EQ(scripts({{"scripts_path", "example/train.py"}}), folder.path() / "scripts");
        EXPECT_EQ(scripts({{"scripts_path", "other"}}), folder.path() / "other");
    }
}

TEST(ProjectPlace, DoesNotExpandVariables) {
    const TemporaryFolder folder;
    const ProjectPlace place = find_project(folder.write("my.json", "{}"));
    const json document{{"scripts_path", "$HOME"}};
    EXPECT_THAT(refusal([&] {
                    return resolve_scripts_path(Located{document, "my.json"}, place);
                }),
                HasSubstr("variables are not expanded"));
}

TEST(ProjectPlace, DoesNotCallAFolderMissingThatMayNotBeEntered) {
    const TemporaryFolder folder;
    const ProjectPlace place = find_project(folder.write("my.json", "{}"));
    folder.write("closed/scripts/train.py", "");
    fs::permissions(folder.path() / "closed", fs::perms::none);
    const json document{{"scripts_path", "closed/scripts"}};
    {
        const tests::Unprivileged unprivileged;
        EXPECT_THAT(refusal([&] {
                        return resolve_scripts_path(Located{document, "my.json"}, place);
                    }),
                    HasSubstr("Permission denied from "));
    }
    fs::permissions(folder.path() / "closed", fs::perms::owner_all);
}

TEST(ProjectPlace, SaysWhatAFolderLacks) {
    const TemporaryFolder folder;
    EXPECT_THAT(refusal([&] { return find_project(folder.path()).file; }), HasSubstr("this folder holds no project"));
    EXPECT_THAT(refusal([] { return find_project("").file; }), HasSubstr("the project's name is empty"));
}

}  // namespace
}  // namespace hpogrid::config
