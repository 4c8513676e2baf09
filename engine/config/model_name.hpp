#pragma once

namespace hpogrid::config {

struct Project;

/// A typo in `model_config.model` is to be found before a trial starts, and without running the user's code. Refuses a
/// Python model whose name the script never mentions (scripts that may define names in other ways than by writing them
/// down pass), a plug-in without that factory among its symbols, and scripts of both kinds that cannot be read. Throws
/// InputError.
void check_model_name(const Project& project);

}  // namespace hpogrid::config
