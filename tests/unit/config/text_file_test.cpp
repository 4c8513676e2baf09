#include "engine/config/text_file.hpp"

#include "tests/support/temporary_folder.hpp"
#include "tests/support/unprivileged.hpp"
#include "tests/unit/config/refusal.hpp"

#include <sys/stat.h>

namespace hpogrid::config {
namespace {

using tests::TemporaryFolder;

TEST(TextFile, IsReadWhole) {
    const TemporaryFolder folder;
    EXPECT_EQ(read_text_file(folder.write("a.json", std::string(200'000, 'x'))), std::string(200'000, 'x'));
}

TEST(TextFile, NamesTheNearestFileWhereThereIsNone) {
    const TemporaryFolder folder;
    folder.write("project.json", "{}");
    const auto file = folder.path() / "projct.json";
    EXPECT_EQ(refusal([&] { return read_text_file(file); }),
              file.string() + ": does not exist (did you mean 'project.json'?), allowed: a JSON file");
}

TEST(TextFile, IsNotCalledMissingWhereOneMayNotLook) {
    const TemporaryFolder folder;
    const auto file = folder.write("closed/a.json", "{}");
    EXPECT_EQ(why_not_found(folder.path() / "closed/b.json", "file"), "no such file");
    std::filesystem::permissions(folder.path() / "closed", std::filesystem::perms::none);
    {
        const tests::Unprivileged unprivileged;
        EXPECT_EQ(why_not_found(file, "file"), "Permission denied");
        EXPECT_EQ(refusal([&] { return read_text_file(file); }),
                  file.string() + ": cannot be read (Permission denied), allowed: a JSON file");
    }
    std::filesystem::permissions(folder.path() / "closed", std::filesystem::perms::owner_all);
}

TEST(TextFile, IsNoFolderAndNoPipe) {
    const TemporaryFolder folder;
    EXPECT_EQ(refusal([&] { return read_text_file(folder.path()); }),
              folder.path().string() + ": is a folder, allowed: a JSON file");
    const auto pipe = folder.path() / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_EQ(refusal([&] { return read_text_file(pipe); }), pipe.string() + ": is a pipe, allowed: a JSON file");
}

TEST(TextFile, IsNoEndlessDevice) {
    EXPECT_EQ(refusal([] { return read_text_file("/dev/zero"); }), "/dev/zero: is a device, allowed: a JSON file");
}

TEST(TextFile, HasAtMostSixteenMebibytes) {
    const TemporaryFolder folder;
    const auto file = folder.write("large.json", "");
    std::filesystem::resize_file(file, (std::size_t{16} << 20U) + 1);
    EXPECT_EQ(refusal([&] { return read_text_file(file); }),
              file.string() + ": is larger than 16 MiB, allowed: at most 16 MiB");
}

}  // namespace
}  // namespace hpogrid::config
