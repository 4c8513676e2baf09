#include "kernels/trainer/data_set.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <string>

#include "test_backend.hpp"
#include "training_table.hpp"

namespace hpogrid::kernels {
namespace {

/// What is said about a table after a change.
template <class Change>
std::string refusal(Change change) {
    Table table = training_table(20, 3);
    change(table);
    try {
        check(table);
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "";
}

TEST(Table, IsFineAsItIs) {
    EXPECT_EQ(refusal([](Table&) {}), "");
}

TEST(Table, IsRefusedWithTheRowThatIsWrong) {
    EXPECT_EQ(refusal([](Table& table) { table.values[3 * 7 + 1] = NAN; }),
              "row 7 of the table has a feature of nan, allowed: finite numbers");
    EXPECT_EQ(refusal([](Table& table) { table.weights[5] = INFINITY; }),
              "row 5 of the table has a weight of inf, allowed: finite numbers");
    EXPECT_EQ(refusal([](Table& table) { table.labels[4] = 2; }),
              "row 4 of the table has label 2.000000, allowed: whole numbers from 0 to 1");
    EXPECT_NE(refusal([](Table& table) { table.labels[4] = 0.5F; }), "");
}

TEST(Table, IsRefusedIfItsPartsDoNotFit) {
    EXPECT_NE(refusal([](Table& table) { table.values.pop_back(); }), "");
    EXPECT_NE(refusal([](Table& table) { table.weights.pop_back(); }), "");
    EXPECT_NE(refusal([](Table& table) { table.features = 0; }), "");
    EXPECT_NE(refusal([](Table& table) { table.features = 5000; }), "");
    EXPECT_NE(refusal([](Table& table) { table = Table{.features = 1, .values = {}, .labels = {}, .weights = {}}; }),
              "");
}

TEST(Table, IsRefusedWithRowsOfOneClassOnly) {
    EXPECT_EQ(refusal([](Table& table) { table.labels.assign(20, 1.0F); }),
              "the table has no row of class 0, allowed: each of 2 classes at least once");
}

TEST(Table, OfARegressionMayHaveAnyLabel) {
    EXPECT_EQ(refusal([](Table& table) {
                  table.classes = 0;
                  table.labels.assign(20, 17.5F);
              }),
              "");
}

TEST(Folds, TakeEachRowOnce) {
    const auto folds = k_folds(10, 3);
    ASSERT_EQ(folds.size(), 3U);
    int next = 0;
    for (const Fold& fold : folds) {
        EXPECT_EQ(fold.validation_begin, next);
        next = fold.validation_end;
    }
    EXPECT_EQ(next, 10);
}

TEST(Folds, TrainWithTheRowsThatDoNotValidate) {
    const Fold fold{3, 5};
    EXPECT_EQ(fold.training_rows(7), 5);
    std::vector<int> rows;
    for (int i = 0; i < 5; ++i) {
        rows.push_back(fold.training_row(i));
    }
    EXPECT_EQ(rows, (std::vector<int>{0, 1, 2, 5, 6}));
}

TEST(DataSet, RefusesFoldsThatLeaveNothing) {
    const auto backend = make_test_backend(1);
    const Table table = training_table(20, 3);
    const auto make = [&](std::vector<Fold> folds) { DataSet{*backend, table, std::move(folds)}; };
    EXPECT_THROW(make({{0, 20}}), std::invalid_argument);
    EXPECT_THROW(make({{5, 5}}), std::invalid_argument);
    EXPECT_THROW(make({{10, 21}}), std::invalid_argument);
    EXPECT_NO_THROW(make({{10, 20}}));
}

TEST(DataSet, RefusesWeightsThatCancel) {
    const auto backend = make_test_backend(1);
    Table table = training_table(20, 3);
    for (std::size_t row = 0; row < 20; ++row) {
        table.weights[row] = row % 2 == 0 ? -1.0F : 1.0F;
    }
    EXPECT_THROW((DataSet{*backend, table, single_split(20, 4)}), std::invalid_argument);
}

}  // namespace
}  // namespace hpogrid::kernels
