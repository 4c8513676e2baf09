#include "launchers/jobs/template.hpp"

#include "launchers/jobs/job_files.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

namespace hpogrid::launchers {
namespace {

TEST(Template, QuotesEveryValue) {
    EXPECT_EQ(render_template("a=@first@ run @rest@\n",
                              {{"first", "it's $(x)"}, {"rest", std::vector<std::string>{"a b", "c"}}}),
              "a='it'\\''s $(x)' run 'a b' 'c'\n");
}

TEST(Template, LeavesEverythingElse) {
    EXPECT_EQ(render_template("\"$@\" me@host @A@ @x", {}), "\"$@\" me@host @A@ @x");
}

TEST(Template, DoesNotLookForPlacesInValues) {
    EXPECT_EQ(render_template("@a@ @b@", {{"a", "@b@"}, {"b", "1"}}), "'@b@' '1'");
}

TEST(Template, RefusesPlacesWithoutValuesAndValuesWithoutPlaces) {
    EXPECT_THROW(static_cast<void>(render_template("@a@", {})), std::logic_error);
    EXPECT_THROW(static_cast<void>(render_template("x", {{"a", "1"}})), std::logic_error);
}

TEST(JobFiles, AreThoseOfTheSourceTree) {
    EXPECT_THAT(std::string{grid_job_template()}, testing::StartsWith("#!/bin/sh\n"));
    EXPECT_THAT(std::string{run_engine_script()}, testing::HasSubstr("--enable-recovery"));
}

}  // namespace
}  // namespace hpogrid::launchers
