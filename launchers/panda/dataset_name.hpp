#pragma once

#include <ctime>
#include <string>
#include <string_view>

namespace hpogrid::launchers {

/// What an output dataset's pattern may refer to.
struct DatasetContext {
    std::string account;  ///< $RUCIO_ACCOUNT or the nickname; "" = not known
    std::string project;
    std::time_t time{0};
};

/// `pattern` with `${RUCIO_ACCOUNT}` (also `${{RUCIO_ACCOUNT}}`, `$RUCIO_ACCOUNT`), `{HPO_PROJECT_NAME}` and
/// `$(date +FORMAT)` filled in, as a shell would have done it, without one. Throws InputError where anything else is
/// left to be expanded, or where PanDA would not take the name: letters, digits and ._-, at most 131 of them.
[[nodiscard]] std::string expand_dataset(std::string_view pattern, const DatasetContext& context);

}  // namespace hpogrid::launchers
