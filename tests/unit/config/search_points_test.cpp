#include "engine/config/project.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/config/refusal.hpp"

#include <gmock/gmock.h>

namespace hpogrid::config {
namespace {

using nlohmann::json;
using testing::HasSubstr;

TEST(SearchPoints, AreAListOfConfigurations) {
    const tests::TemporaryFolder folder;
    const std::vector<json> points{{{"x", 1}}, {{"x", 2}, {"y", "a"}}};
    EXPECT_EQ(read_search_points(folder.write("a.json", R"([{"x": 1}, {"x": 2, "y": "a"}])")), points);
    EXPECT_EQ(read_search_points(folder.write("b.json", R"({"points": [{"x": 1}, {"x": 2, "y": "a"}]})")), points);
}

TEST(SearchPoints, RefuseWhatIsNoListOfObjects) {
    const tests::TemporaryFolder folder;
    const auto refusal_of = [&](std::string_view text) {
        return refusal([&] { return read_search_points(folder.write("p.json", text)); });
    };
    EXPECT_THAT(refusal_of("3"), HasSubstr("p.json: the whole file is 3, allowed: a list of objects"));
    EXPECT_THAT(refusal_of(R"([{"x": 1}, 2])"), HasSubstr("p.json: key '[1]' is 2, allowed: an object"));
    EXPECT_THAT(refusal_of(R"({"point": []})"), HasSubstr("key 'point' is unknown (did you mean 'points'?)"));
    EXPECT_THAT(refusal_of("{}"), HasSubstr("key 'points' is missing"));
    EXPECT_THAT(refusal_of(R"({"points": {}})"), HasSubstr("key 'points' is {}, allowed: a list"));
}

}  // namespace
}  // namespace hpogrid::config
