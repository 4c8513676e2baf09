#include "launchers/tasks/pbook_command.hpp"

#include <fmt/format.h>

namespace hpogrid::launchers {

std::vector<std::string> pbook_command(TaskControl control, std::int64_t task) {
    return {"pbook", "-c", fmt::format("{}({})", control == TaskControl::kill ? "kill" : "retry", task)};
}

}  // namespace hpogrid::launchers
