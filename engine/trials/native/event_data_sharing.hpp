#pragma once

#include "engine/trials/native/event_data.hpp"

#include <functional>

namespace hpogrid::kernels {
class Collectives;
}

namespace hpogrid::trials {

/// The data of a group of workers, read by its first member and given to the others: a file system is asked once, and
/// a file is parsed once. Where that fails, because the first member is dead, say, each reads for itself.
/// \param group null: there is none
/// Throws what `read` throws; for an InputError of the first member all others throw one of the same text.
[[nodiscard]] EventData share_event_data(kernels::Collectives* group, const std::function<EventData()>& read);

}  // namespace hpogrid::trials
