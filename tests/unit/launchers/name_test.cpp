#include "launchers/core/name.hpp"

#include "tests/unit/config/refusal.hpp"

#include <gmock/gmock.h>

namespace hpogrid::launchers {
namespace {

using config::refusal;

TEST(Name, MayHaveLettersDigitsAndAFewSigns) {
    for (const char* name : {"a", "manc_standard", "v1.2+gpu-x", "_x", "7"}) {
        EXPECT_NO_THROW(check_name("project", name)) << name;
    }
}

TEST(Name, IsRefusedWhereAShellAPathOrAnOptionCouldMisreadIt) {
    for (const std::string& name : {std::string{}, std::string{"a b"}, std::string{"$(id)"}, std::string{"../x"},
                                    std::string{"-n"}, std::string{".x"}, std::string{"a'b"}, std::string{"a\nb"},
                                    std::string{"ä"}, std::string(101, 'x'), std::string(10'000, 'x')}) {
        const std::string why = refusal([&] {
            check_name("project", name);
            return 0;
        });
        EXPECT_THAT(why, testing::HasSubstr("of a project cannot be used, allowed: 1 to 100 letters"));
        EXPECT_LT(why.size(), 300U);
    }
}

TEST(Name, IsNotThatOfTheBackups) {
    EXPECT_THAT(refusal([] {
                    check_name("project", "backup");
                    return 0;
                }),
                testing::HasSubstr("is taken"));
}

}  // namespace
}  // namespace hpogrid::launchers
