#include "engine/cluster/checkpoints/checkpoint_archive.hpp"

#include "engine/core/bytes.hpp"
#include "engine/core/error.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/cluster/checkpoints/folder_contents.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>
#include <vector>

namespace hpogrid::cluster {
namespace {

namespace fs = std::filesystem;
using tests::TemporaryFolder;

void unpack(const CheckpointArchive& archive, const fs::path& to, std::size_t part) {
    CheckpointUnpacker unpacker{to, Durability::kept};
    for (std::uint64_t offset = 0; offset < archive.size(); offset += part) {
        unpacker.append(archive.read(offset, part));
    }
    unpacker.finish();
}

TEST(CheckpointArchive, BringsAFolderOverInPartsOfAnySize) {
    const TemporaryFolder folder;
    folder.write("from/state.pt", std::string(100'000, 'x') + '\0' + "end");
    folder.write("from/empty", "");
    folder.write("from/deep/er/last", "1");
    folder.write("from/deep/er/z-empty", "");
    fs::create_directories(folder.path() / "from/nothing/in/it");
    fs::create_symlink("state.pt", folder.path() / "from/link");
    const CheckpointArchive archive{folder.path() / "from"};
    for (const std::size_t part : {std::size_t{1'000}, std::size_t{4'096}, std::size_t{1} << 22U}) {
        const fs::path to = folder.path() / std::to_string(part);
        unpack(archive, to, part);
        EXPECT_EQ(contents(to), contents(folder.path() / "from"));
        EXPECT_FALSE(fs::exists(to.string() + ".unfinished"));
    }
}

TEST(CheckpointArchive, BringsEvenAnEmptyFolderOverByteByByte) {
    const TemporaryFolder folder;
    fs::create_directory(folder.path() / "from");
    unpack(CheckpointArchive{folder.path() / "from"}, folder.path() / "to", 1);
    EXPECT_TRUE(fs::is_directory(folder.path() / "to"));
    EXPECT_TRUE(fs::is_empty(folder.path() / "to"));
}

TEST(CheckpointArchive, RefusesWhatCannotTravel) {
    const TemporaryFolder folder;
    EXPECT_THROW(CheckpointArchive{folder.path() / "missing"}, OutputError);
    fs::create_directory(folder.path() / "from");
    ASSERT_EQ(::mkfifo((folder.path() / "from/pipe").c_str(), 0600), 0);
    EXPECT_THROW(CheckpointArchive{folder.path() / "from"}, OutputError);
}

TEST(CheckpointArchive, SaysThatAFileHasBecomeShorter) {
    const TemporaryFolder folder;
    const auto file = folder.write("from/a", "12345");
    const CheckpointArchive archive{folder.path() / "from"};
    fs::resize_file(file, 4);
    EXPECT_THROW(static_cast<void>(archive.read(0, 1'000)), OutputError);
}

std::vector<std::byte> archive_with(const std::string& path) {
    ByteWriter list;
    list.u32(1);
    list.text(path);
    list.u8(1);
    list.u64(1);
    ByteWriter archive;
    archive.u64(list.bytes().size());
    std::vector<std::byte> bytes = archive.take();
    bytes.insert(bytes.end(), list.bytes().begin(), list.bytes().end());
    bytes.push_back(std::byte{'x'});
    return bytes;
}

TEST(CheckpointUnpacker, WritesNothingOutsideItsFolder) {
    const TemporaryFolder folder;
    for (const std::string& path : {std::string{"../evil"}, std::string{"a/../../evil"}, std::string{"/evil"},
                                    std::string{}, std::string{"."}, std::string{"a\0b", 3}}) {
        CheckpointUnpacker unpacker{folder.path() / "to", Durability::cache};
        EXPECT_THROW(unpacker.append(archive_with(path)), FormatError) << path;
    }
    EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(CheckpointUnpacker, RefusesTooManyAndTooFewBytes) {
    const TemporaryFolder folder;
    const auto bytes = archive_with("file");
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        CheckpointUnpacker unpacker{folder.path() / "to", Durability::cache};
        unpacker.append(std::span{bytes}.first(size));
        EXPECT_THROW(unpacker.finish(), FormatError) << size;
    }
    CheckpointUnpacker unpacker{folder.path() / "to", Durability::cache};
    unpacker.append(bytes);
    EXPECT_THROW(unpacker.append(std::span{bytes}.first(1)), FormatError);
}

TEST(CheckpointUnpacker, LeavesNothingOfWhatIsGivenUp) {
    const TemporaryFolder folder;
    const auto bytes = archive_with("file");
    {
        CheckpointUnpacker unpacker{folder.path() / "to", Durability::cache};
        unpacker.append(std::span{bytes}.first(10));
    }
    EXPECT_TRUE(fs::is_empty(folder.path()));
}

}  // namespace
}  // namespace hpogrid::cluster
