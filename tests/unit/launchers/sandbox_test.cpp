#include "launchers/panda/sandbox.hpp"

#include "tests/support/temporary_folder.hpp"
#include "tests/unit/config/refusal.hpp"

#include <gmock/gmock.h>

namespace hpogrid::launchers {
namespace {

using testing::HasSubstr;

std::string refusal_of(const std::string& name) {
    const tests::TemporaryFolder folder;
    folder.write("scripts/" + name, "");
    return config::refusal([&] {
        check_sandbox(folder.path());
        return 0;
    });
}

TEST(Sandbox, RefusesNamesThatPrunWouldHandToAShell) {
    EXPECT_THAT(refusal_of("a'; touch canary; '"),
                HasSubstr("script 'scripts/a'; touch canary; '' cannot be submitted"));
    EXPECT_THAT(refusal_of("it's/train.py"), HasSubstr("cannot be submitted"));
    EXPECT_THAT(refusal_of("a\\nb"), HasSubstr("allowed: names without ' and \\"));
}

TEST(Sandbox, TakesAllOtherNames) {
    const tests::TemporaryFolder folder;
    for (const char* name : {"train.py", "$(touch canary)", "a \"b\"", "-rf", "größe\n"}) {
        folder.write(name, "");
    }
    EXPECT_NO_THROW(check_sandbox(folder.path()));
}

}  // namespace
}  // namespace hpogrid::launchers
