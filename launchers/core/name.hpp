#pragma once

#include <string_view>

namespace hpogrid::launchers {

/// Throws InputError unless `name` can name a configuration or a project everywhere: as a file, in a dataset, on a
/// command line. 1 to 100 letters, digits, '_', '-', '.', '+', the first one a letter, digit or '_'. `what`: "project".
void check_name(std::string_view what, std::string_view name);

}  // namespace hpogrid::launchers
