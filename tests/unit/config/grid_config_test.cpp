#include "engine/config/grid_config.hpp"

#include "tests/unit/config/refusal.hpp"

#include <gmock/gmock.h>

namespace hpogrid::config {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

GridConfig read(const json& value) {
    return read_grid_config(Located{value, "p.json", "grid_config"});
}
std::string refusal_of(const json& value) {
    return refusal([&] { return read(value); });
}

TEST(GridConfig, HasTheSeedsDefaults) {
    const GridConfig grid = read(json::object());
    EXPECT_THAT(grid.sites, ElementsAre("ANALY_MANC_GPU_TEST"));
    EXPECT_THAT(grid.container, HasSubstr("/hpogrid:latest"));
    EXPECT_EQ(grid.out_dataset, "user.${RUCIO_ACCOUNT}.hpogrid.{HPO_PROJECT_NAME}.out.$(date +%Y%m%d%H%M%S)");
    EXPECT_EQ(grid.in_dataset, "");
    EXPECT_FALSE(grid.retry);
}

TEST(GridConfig, TakesSitesAsTextListOrNull) {
    EXPECT_THAT(read({{"site", "A_GPU, B_GPU-1"}}).sites, ElementsAre("A_GPU", "B_GPU-1"));
    EXPECT_THAT(read({{"site", {"A", "B"}}}).sites, ElementsAre("A", "B"));
    EXPECT_THAT(read({{"site", nullptr}}).sites, IsEmpty());
}

TEST(GridConfig, RefusesSitesThatAreNoNames) {
    for (const char* site : {"A B", "../A", "--noSubmit", "$(id)", "A;B", "a\"b"}) {
        EXPECT_THAT(refusal_of({{"site", site}}), HasSubstr("a site's name has letters, digits")) << site;
    }
    EXPECT_THAT(refusal_of({{"site", 5}}), HasSubstr("allowed: "));
}

TEST(GridConfig, ReadsTheOtherKeys) {
    const GridConfig grid = read(
        {{"container", "docker://x"}, {"inDS", "a:b"}, {"outDS", "user.x"}, {"retry", 1}, {"extra", {{"nCore", 8}}}});
    EXPECT_EQ(grid.container, "docker://x");
    EXPECT_EQ(grid.in_dataset, "a:b");
    EXPECT_EQ(grid.out_dataset, "user.x");
    EXPECT_TRUE(grid.retry);
    EXPECT_EQ(grid.extra, json({{"nCore", 8}}));
    EXPECT_THAT(refusal_of({{"container", "a\nb"}}), HasSubstr("control character"));
    EXPECT_THAT(refusal_of({{"retry", "yes"}}), HasSubstr("allowed: true, false, 1 or 0"));
}

}  // namespace
}  // namespace hpogrid::config
