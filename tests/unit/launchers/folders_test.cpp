#include "launchers/core/folders.hpp"

#include "tests/support/temporary_folder.hpp"
#include "tests/unit/config/refusal.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <set>

namespace hpogrid::launchers {
namespace {

namespace fs = std::filesystem;
using config::refusal;
using testing::HasSubstr;

std::string content(const fs::path& file) {
    std::ifstream stream{file};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

TEST(MoveToBackup, KeepsEveryVersion) {
    const tests::TemporaryFolder folder;
    const auto first = move_to_backup(folder.write("a.json", "1"));
    const auto second = move_to_backup(folder.write("a.json", "2"));
    EXPECT_FALSE(fs::exists(folder.path() / "a.json"));
    EXPECT_EQ(content(first), "1");
    EXPECT_EQ(content(second), "2");
    EXPECT_THAT(first.string(), testing::MatchesRegex(".*/backup/a_[0-9]{14}.json"));
}

TEST(DatedFolder, IsANewOneEachTime) {
    const tests::TemporaryFolder folder;
    const std::set<fs::path> folders{make_dated_folder(folder.path() / "runs"),
                                     make_dated_folder(folder.path() / "runs"),
                                     make_dated_folder(folder.path() / "runs")};
    EXPECT_EQ(folders.size(), 3U);
    for (const fs::path& each : folders) {
        EXPECT_TRUE(fs::is_directory(each));
        EXPECT_THAT(each.string(), testing::MatchesRegex(".*/runs/[0-9]{14}(_[23])?"));
    }
}

TEST(CopyScripts, CopiesAFolderWithoutCaches) {
    const tests::TemporaryFolder folder;
    folder.write("from/train.py", "x");
    folder.write("from/lib/net.py", "y");
    folder.write("from/__pycache__/train.pyc", "z");
    folder.write("from/.git/config", "z");
    fs::create_symlink("train.py", folder.path() / "from/alias.py");
    copy_scripts(folder.path() / "from", folder.path() / "to");
    EXPECT_EQ(content(folder.path() / "to/train.py"), "x");
    EXPECT_EQ(content(folder.path() / "to/lib/net.py"), "y");
    EXPECT_EQ(content(folder.path() / "to/alias.py"), "x");
    EXPECT_FALSE(fs::is_symlink(folder.path() / "to/alias.py"));
    EXPECT_FALSE(fs::exists(folder.path() / "to/__pycache__"));
    EXPECT_FALSE(fs::exists(folder.path() / "to/.git"));
}

TEST(CopyScripts, CopiesASingleScript) {
    const tests::TemporaryFolder folder;
    folder.write("from/train.py", "x");
    folder.write("from/other.py", "y");
    copy_scripts(folder.path() / "from/train.py", folder.path() / "to");
    EXPECT_EQ(content(folder.path() / "to/train.py"), "x");
    EXPECT_FALSE(fs::exists(folder.path() / "to/other.py"));
}

TEST(CopyScripts, RefusesData) {
    const tests::TemporaryFolder folder;
    folder.write("from/data.csv", std::string(2000, 'x'));
    EXPECT_THAT(refusal([&] {
                    copy_scripts(folder.path() / "from", folder.path() / "to", 1000);
                    return 0;
                }),
                HasSubstr("data belong into an input dataset"));
}

TEST(CopyScripts, RefusesLinksInACircle) {
    const tests::TemporaryFolder folder;
    folder.write("from/train.py", "x");
    fs::create_directory_symlink(".", folder.path() / "from/again");
    EXPECT_ANY_THROW(copy_scripts(folder.path() / "from", folder.path() / "to"));
}

}  // namespace
}  // namespace hpogrid::launchers
