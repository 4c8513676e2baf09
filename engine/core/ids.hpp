#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace hpogrid {

/// An integer that cannot be mistaken for another kind of integer.
template <class Tag>
struct StrongId {
    std::uint32_t value{0};

    friend constexpr auto operator<=>(StrongId, StrongId) = default;
};

/// Position of a trial in its study, counted from 0 in the order of suggestion.
using TrialId = StrongId<struct TrialTag>;
/// One evaluating rank of the run. Its value is the MPI rank (0 when the controller evaluates too).
using WorkerId = StrongId<struct WorkerTag>;
/// Place for one running trial inside a worker, counted from 0.
using SlotId = StrongId<struct SlotTag>;

}  // namespace hpogrid

template <class Tag>
struct std::hash<hpogrid::StrongId<Tag>> {
    std::size_t operator()(hpogrid::StrongId<Tag> id) const noexcept { return std::hash<std::uint32_t>{}(id.value); }
};
