#pragma once

namespace hpogrid::config {

struct Project;

/// Refuses a Python script that cannot be read, and a model whose name the script never mentions, without running it: a
/// typo is to be found before a trial starts. Scripts that may define names in other ways than by writing them down
/// pass. Throws InputError.
void check_python_model(const Project& project);

}  // namespace hpogrid::config
