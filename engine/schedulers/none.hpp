#pragma once

#include "engine/schedulers/registry.hpp"

namespace hpogrid::schedulers {

/// `none`: first come, first served; every trial runs to its end. Has no parameters.
[[nodiscard]] std::unique_ptr<Scheduler> make_none(const SchedulerContext& context);

}  // namespace hpogrid::schedulers
