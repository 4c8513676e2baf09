#include "engine/trials/native/csv_table.hpp"
#include "engine/trials/native/hdf5_table.hpp"
#include "tests/unit/trials/evaluator_driver.hpp"
#include "tests/unit/trials/native/refusal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hdf5.h>

#include <algorithm>
#include <cstddef>
#include <fstream>

namespace hpogrid::trials::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Csv : public ::testing::Test {
  protected:
    NumberTable read(const std::string& text) {
        std::ofstream{folder.path() / "t.csv"} << text;
        return read_csv(folder.path() / "t.csv");
    }
    TemporaryFolder folder;
};

TEST_F(Csv, HasNamesAndColumns) {
    const NumberTable table = read("a, b\r\n1,2.5\r\n\n-3e2, 4\n");
    EXPECT_THAT(table.names, ElementsAre("a", "b"));
    EXPECT_THAT(table.columns[0], ElementsAre(1.0F, -300.0F));
    EXPECT_THAT(table.columns[1], ElementsAre(2.5F, 4.0F));
}

TEST_F(Csv, IsRefusedWithTheLineThatIsWrong) {
    EXPECT_THAT(refusal([&] { return read("a,b\n1,2\n3\n"); }), HasSubstr("t.csv: line 3 has 1 fields, allowed: 2"));
    EXPECT_THAT(refusal([&] { return read("a,b\n1,two\n"); }), HasSubstr("line 2: 'b' is 'two', allowed: a number"));
    EXPECT_THAT(refusal([&] { return read("a,a\n1,2\n"); }), HasSubstr("(twice)"));
    EXPECT_THAT(refusal([&] { return read(""); }), HasSubstr("is empty"));
    EXPECT_THAT(refusal([&] { return read_csv(folder.path() / "none.csv"); }), HasSubstr("cannot be read"));
}

class Hdf5Table : public ::testing::Test {
  protected:
    /// Writes numbers as a dataset of one dimension, or two if `width` is not 0.
    void write(const std::string& name, const std::vector<double>& values, hsize_t width = 0) {
        const hsize_t sizes[2] = {values.size() / std::max<hsize_t>(1, width), width};
        const hid_t space = H5Screate_simple(width == 0 ? 1 : 2, sizes, nullptr);
        const hid_t dataset =
            H5Dcreate2(open, name.c_str(), H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
        H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
        H5Dclose(dataset);
        H5Sclose(space);
    }
    NumberTable read(const std::string& path = "/") {
        H5Fclose(open);
        return read_hdf5(file, path);
    }

    TemporaryFolder folder;
    std::filesystem::path file = folder.path() / "t.h5";
    hid_t open = H5Fcreate(file.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
};

TEST_F(Hdf5Table, HasAColumnForEachDatasetAndForEachColumnOfAMatrix) {
    write("pt", {1, 2, 3});
    write("jets", {10, 11, 20, 21, 30, 31}, 2);
    const NumberTable table = read();
    EXPECT_THAT(table.names, ElementsAre("jets_0", "jets_1", "pt"));
    EXPECT_THAT(table.columns[0], ElementsAre(10, 20, 30));
    EXPECT_THAT(table.columns[1], ElementsAre(11, 21, 31));
    EXPECT_THAT(table.columns[2], ElementsAre(1, 2, 3));
}

TEST_F(Hdf5Table, LeavesOutColumnsThatNobodyWants) {
    write("pt", {1, 2, 3});
    write("jets", {10, 11, 20, 21, 30, 31}, 2);
    H5Fclose(open);
    const NumberTable table = read_hdf5(file, "/", [](std::string_view name) { return name == "jets_1"; });
    EXPECT_THAT(table.names, ElementsAre("jets_1"));
    EXPECT_THAT(table.columns[0], ElementsAre(11, 21, 31));
    EXPECT_THAT(table.left_out, ElementsAre("jets_0", "pt"));
}

TEST_F(Hdf5Table, IsTheSameWhenItIsReadInSeveralParts) {
    constexpr std::size_t rows = 700'000;  // of two numbers: more than are read at once
    std::vector<double> values(2 * rows);
    std::ranges::generate(values, [next = 0]() mutable { return next++; });
    write("x", values, 2);
    const NumberTable table = read();
    ASSERT_EQ(table.rows(), rows);
    for (const std::size_t row : {std::size_t{0}, std::size_t{524'287}, std::size_t{524'288}, rows - 1}) {
        EXPECT_EQ(table.columns[0][row], static_cast<float>(2 * row));
        EXPECT_EQ(table.columns[1][row], static_cast<float>(2 * row + 1));
    }
}

TEST_F(Hdf5Table, IsReadFromAGroup) {
    H5Gclose(H5Gcreate2(open, "train", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    write("train/x", {4, 5});
    write("other", {1, 2, 3});
    EXPECT_THAT(read("train").names, ElementsAre("x"));
}

TEST_F(Hdf5Table, HasAColumnForEachNumberOfARecord) {
    struct Event {
        double pt;
        int kind;
    };
    const std::vector<Event> events{{1.5, 0}, {2.5, 1}};
    const hid_t type = H5Tcreate(H5T_COMPOUND, sizeof(Event));
    H5Tinsert(type, "pt", offsetof(Event, pt), H5T_NATIVE_DOUBLE);
    H5Tinsert(type, "kind", offsetof(Event, kind), H5T_NATIVE_INT);
    const hsize_t size = events.size();
    const hid_t space = H5Screate_simple(1, &size, nullptr);
    const hid_t dataset = H5Dcreate2(open, "events", type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, events.data());
    H5Dclose(dataset);
    H5Sclose(space);
    H5Tclose(type);
    const NumberTable table = read("events");
    EXPECT_THAT(table.names, ElementsAre("pt", "kind"));
    EXPECT_THAT(table.columns[0], ElementsAre(1.5, 2.5));
    EXPECT_THAT(table.columns[1], ElementsAre(0, 1));
}

TEST_F(Hdf5Table, IsRefusedWithColumnsOfDifferentLengths) {
    write("a", {1, 2, 3});
    write("b", {1, 2});
    EXPECT_THAT(refusal([&] { static_cast<void>(read()); }),
                HasSubstr("t.h5: 'b' has 2 rows and 'a' has 3, allowed: columns of one length"));
}

TEST_F(Hdf5Table, IsRefusedWithoutNumbers) {
    EXPECT_THAT(refusal([&] { static_cast<void>(read()); }), HasSubstr("no rows of numbers"));
}

TEST_F(Hdf5Table, IsRefusedWhereNothingIs) {
    write("a", {1});
    EXPECT_THAT(refusal([&] { static_cast<void>(read("b")); }), HasSubstr("t.h5:b: HDF5 could not find it"));
    EXPECT_THAT(refusal([&] { static_cast<void>(read_hdf5(folder.path() / "none.h5", "/")); }),
                HasSubstr("none.h5: HDF5 could not open it"));
}

}  // namespace
}  // namespace hpogrid::trials::test
