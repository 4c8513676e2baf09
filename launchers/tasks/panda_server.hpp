#pragma once

#include "launchers/http/http_get.hpp"
#include "launchers/tasks/task.hpp"

#include <span>

namespace hpogrid::launchers {

/// PanDA's own server, which wants to know who asks: https://pandaserver.cern.ch, or the host of $PANDA_URL_SSL.
[[nodiscard]] Service panda_server();

/// Asks it for the metadata of jobs of those tasks that have finished jobs, of which the monitor knew none: it leaves
/// them out under load. One question a task. Throws ServiceError.
void query_missing_metadata(const Service& server, const Credentials& credentials, std::span<Task> tasks);

}  // namespace hpogrid::launchers
