#include "engine/study/forecast.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace hpogrid::study {
namespace {

constexpr double never = std::numeric_limits<double>::infinity();
constexpr TrialId known{0};
constexpr TrialId fresh{1};

/// Trial 0 has begun in 10 s up to its first report, and reported four times, 2 s apart.
Forecast after_four_reports() {
    Forecast forecast;
    forecast.on_started(known, 100.0);
    for (double iteration = 1; iteration <= 4; ++iteration) {
        forecast.on_reported(known, 108.0 + 2.0 * iteration, iteration);
    }
    return forecast;
}

TEST(Forecast, KnowsNothingBeforeTheFirstReport) {
    Forecast forecast;
    forecast.on_started(known, 100.0);
    EXPECT_EQ(forecast.seconds_to(1.0, fresh), std::nullopt);
    EXPECT_EQ(forecast.longest_run(130.0), 30.0);
}

TEST(Forecast, CountsTheReportsToTheGoal) {
    const Forecast forecast = after_four_reports();
    EXPECT_EQ(forecast.seconds_to(1.0, fresh), 10.0);
    EXPECT_EQ(forecast.seconds_to(3.0, fresh), 14.0);
    EXPECT_EQ(forecast.seconds_to(6.5, known), 6.0) << "three more: it is there at the seventh";
    EXPECT_EQ(forecast.seconds_to(4.0, known), 2.0) << "nothing comes before the next report";
}

TEST(Forecast, CountsInStepsOfTheTimeAttribute) {
    Forecast forecast;
    forecast.on_started(known, 0.0);
    forecast.on_reported(known, 7.0, 500.0);
    forecast.on_reported(known, 14.0, 1000.0);
    EXPECT_EQ(forecast.seconds_to(2000.0, fresh), 28.0);
    EXPECT_EQ(forecast.seconds_to(2001.0, fresh), 35.0);
}

TEST(Forecast, KnowsNoEndBeforeATrialHasCompleted) {
    Forecast forecast = after_four_reports();
    EXPECT_EQ(forecast.seconds_to(never, fresh), std::nullopt);
    forecast.on_completed(known, 119.0);
    EXPECT_EQ(forecast.seconds_to(never, fresh), 19.0) << "3 s after the fourth report";
    EXPECT_EQ(forecast.seconds_of_whole_trial(), 19.0);
    EXPECT_EQ(forecast.seconds_to(100.0, fresh), 19.0) << "it ends before its goal";
    EXPECT_EQ(forecast.seconds_to(2.0, fresh), 12.0);
}

TEST(Forecast, TakesATrialsOwnPace) {
    Forecast forecast = after_four_reports();
    const TrialId slow{2};
    forecast.on_started(slow, 200.0);
    forecast.on_reported(slow, 220.0, 1.0);
    forecast.on_reported(slow, 240.0, 2.0);
    EXPECT_EQ(forecast.seconds_to(4.0, slow), 40.0);
    forecast.on_ended(slow);
    EXPECT_EQ(forecast.seconds_to(4.0, slow), 40.0) << "it begins anew, in 20 s";
    EXPECT_EQ(forecast.seconds_to(6.0, known), 4.0);
}

TEST(Forecast, GoesOnFromWhereATrialIsMoved) {
    Forecast forecast = after_four_reports();
    forecast.on_ended(known);
    forecast.move(known, 2.0);
    EXPECT_EQ(forecast.seconds_to(4.0, known), 12.0);
    forecast.forget(known);
    EXPECT_EQ(forecast.seconds_to(4.0, known), 16.0) << "from the beginning, at the pace of all";
}

TEST(Forecast, PassesOverReportsThatDoNotSayHowFarTheyAre) {
    Forecast forecast = after_four_reports();
    forecast.on_reported(known, 118.0, std::numeric_limits<double>::quiet_NaN());
    EXPECT_EQ(forecast.reached(known), 4.0);
    EXPECT_EQ(forecast.seconds_to(5.0, known), 2.0);
}

TEST(RecentMean, IsThatOfAllNumbersUntilTheyAreTwenty) {
    RecentMean mean;
    EXPECT_FALSE(mean.known());
    for (double number = 1; number <= 20; ++number) {
        mean.add(number);
    }
    EXPECT_NEAR(mean.value(), 10.5, 1e-12);
    mean.add(30.5);
    EXPECT_NEAR(mean.value(), 11.5, 1e-12) << "a twentieth of the way";
}

}  // namespace
}  // namespace hpogrid::study
