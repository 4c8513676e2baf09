#include "launchers/program/query_options.hpp"

#include "engine/console/option_values.hpp"
#include "engine/core/error.hpp"
#include "launchers/panda/submission.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

namespace hpogrid::launchers {

TaskQuery QueryOptions::query() const {
    TaskQuery query;
    query.name = name;
    query.limit = limit.value_or(query.limit);
    query.days = days.value_or(query.days);
    query.range = range.empty() ? TaskRange{} : parse_range(range);
    return query;
}

void add_query_options(CLI::App& app, QueryOptions& options) {
    constexpr std::uint64_t most_tasks = 100'000;
    constexpr std::uint64_t most_days = 36'500;
    const TaskQuery standard;
    app.add_option("-l,--limit", options.limit,
                   fmt::format("The most tasks to ask for, the newest [default {}]", standard.limit))
        ->type_name("N")
        ->check(console::whole_number(1, most_tasks));
    app.add_option("-d,--days", options.days,
                   fmt::format("Only tasks that changed in the last days [default {}]", standard.days))
        ->type_name("N")
        ->check(console::whole_number(1, most_days));
    app.add_option("-n,--taskname", options.name, "Only tasks of this name; may hold * ? [abc]")->type_name("PATTERN");
    app.add_option("-r,--range", options.range, "Only tasks with numbers in this range; either end may be left out")
        ->type_name("FIRST:LAST");
}

std::string own_tasks(const std::string& rest) {
    const std::string account = account_from_environment();
    if (account.empty()) {
        throw InputError{
            "RUCIO_ACCOUNT is not set, which tells your tasks from others', allowed: export RUCIO_ACCOUNT=<your CERN "
            "account>, or --taskname"};
    }
    return fmt::format("user.{}.{}", account, rest);
}

}  // namespace hpogrid::launchers
