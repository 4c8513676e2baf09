#include "engine/trials/native/event_data.hpp"
#include "engine/trials/native/hdf5_table.hpp"
#include "tests/unit/trials/evaluator_driver.hpp"
#include "tests/unit/trials/native/refusal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hdf5.h>
#include <sys/stat.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace hpogrid::trials::test {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Files whose rows cannot be used: who reads them, notices.
class EventOutline : public ::testing::Test {
  protected:
    EventOutline() {
        std::ofstream{folder.path() / "t.csv"} << "x,y,kind,w\nno,number,is,here\n";
        const hid_t file = H5Fcreate((folder.path() / "t.h5").c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
        for (const auto& [name, rows] :
             {std::pair{"x", 3}, std::pair{"y", 3}, std::pair{"label", 3}, std::pair{"z", 4}}) {
            const std::vector<float> values(static_cast<std::size_t>(rows), 7.5F);
            const auto size = static_cast<hsize_t>(rows);
            const hid_t space = H5Screate_simple(1, &size, nullptr);
            const hid_t set = H5Dcreate2(file, name, H5T_NATIVE_FLOAT, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
            EXPECT_GE(H5Dwrite(set, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), 0);
            H5Dclose(set);
            H5Sclose(space);
        }
        H5Fclose(file);
    }
    [[nodiscard]] EventData outline(const json& param) const { return outline_event_data(param, folder.path()); }
    [[nodiscard]] std::string refused(const json& param) const {
        return refusal([&] { static_cast<void>(outline(param)); });
    }

    TemporaryFolder folder;
    json csv{{"data", "t.csv"}, {"label", "kind"}, {"weight", "w"}};
    json hdf5{{"data", "t.h5"}, {"features", {"x", "y"}}};
};

TEST_F(EventOutline, HasTheFeaturesFoldsAndTaskOfTheData) {
    EXPECT_THAT(outline(csv).features, ElementsAre("x", "y"));
    EXPECT_THAT(outline(hdf5).features, ElementsAre("x", "y"));
    EXPECT_EQ(outline(csv).folds.size(), 1U);
    csv["folds"] = 5;
    EXPECT_EQ(outline(csv).folds.size(), 5U);
    EXPECT_EQ(outline(csv).table.classes, 2);
    csv["task"] = "regression";
    EXPECT_EQ(outline(csv).table.classes, 0);
}

TEST_F(EventOutline, OfHdf5ReadsNoNumbers) {
    const auto wanted = [](std::string_view name) { return name != "z"; };
    const NumberTable table = read_hdf5(folder.path() / "t.h5", "/", wanted, TablePart::outline);
    EXPECT_THAT(table.names, ElementsAre("label", "x", "y"));
    EXPECT_THAT(table.lengths, ElementsAre(3, 3, 3));
    EXPECT_THAT(table.columns, ElementsAre(std::vector<float>{}, std::vector<float>{}, std::vector<float>{}));
}

TEST_F(EventOutline, IsRefusedForColumnsThatAreNotThere) {
    csv["label"] = "knid";
    EXPECT_THAT(refused(csv), AllOf(HasSubstr("'label' is 'knid'"), HasSubstr("did you mean 'kind'?")));
    hdf5["cuts"] = {{"pt", {0, 1}}};
    EXPECT_THAT(refused(hdf5), AllOf(HasSubstr("'cuts' is 'pt'"), HasSubstr("t.h5")));
    hdf5.erase("cuts");
    std::ofstream{folder.path() / "v.csv"} << "x,label\n1,1\n";
    hdf5["validation_data"] = "v.csv";
    EXPECT_THAT(refused(hdf5), AllOf(HasSubstr("'features' is 'y'"), HasSubstr("v.csv")));
}

TEST_F(EventOutline, IsRefusedForFilesThatCannotBeUsed) {
    EXPECT_THAT(refused({{"data", "none.csv"}}), HasSubstr("none.csv: cannot be read"));
    EXPECT_THAT(refused({{"data", "none.h5"}}), HasSubstr("none.h5: "));
    EXPECT_THAT(refused({{"dat", "t.h5"}}), HasSubstr("no key 'data'"));
    EXPECT_THAT(refused({{"data", "t.h5"}}), AllOf(HasSubstr("has 4"), HasSubstr("columns of one length")));
}

TEST_F(EventOutline, IsRefusedForSharesThatCannotBe) {
    hdf5["folds"] = 4;
    EXPECT_THAT(refused(hdf5), HasSubstr("'folds' is 4, allowed: 0 for one split, or 2 to the number of rows, 3"));
    hdf5["folds"] = 3;
    EXPECT_EQ(refused(hdf5), "");
    csv["validation_fraction"] = 2;
    EXPECT_THAT(refused(csv), HasSubstr("'validation_fraction'"));
}

TEST_F(EventOutline, TakesNothingFromAPipe) {
    // Whoever opened it would wait for its other end.
    ASSERT_EQ(::mkfifo((folder.path() / "pipe.csv").c_str(), 0600), 0);
    csv["data"] = "pipe.csv";
    EXPECT_EQ(outline(csv).features.size(), 1U);
}

}  // namespace
}  // namespace hpogrid::trials::test
