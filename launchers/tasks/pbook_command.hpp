#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hpogrid::launchers {

/// What can be done to a task that was submitted.
enum class TaskControl { kill, retry };

/// The command line of the PanDA client that does it to one task. As a call in its own language, since only that ends
/// with an exit status that tells whether it worked, in every version 2 of the client.
[[nodiscard]] std::vector<std::string> pbook_command(TaskControl control, std::int64_t task);

}  // namespace hpogrid::launchers
