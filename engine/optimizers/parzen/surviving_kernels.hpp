#pragma once

#include <cstdint>
#include <limits>
#include <vector>

namespace hpogrid::optimizers {

/// The kernels of a mixture of products that still matter at one place while the product grows axis by axis. Most are
/// so far away on the first axes that the rest need not be looked at.
struct SurvivingKernels {
    std::vector<std::uint32_t> slots;
    std::vector<double> logs;  ///< of each: logarithm of the product so far

    void clear() {
        slots.clear();
        logs.clear();
    }

    /// Adds `term(slot)` to each and drops those that are not above `floor`.
    template <class Term>
    void multiply(double floor, Term term) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < slots.size(); ++i) {
            const double log = logs[i] + term(slots[i]);
            slots[kept] = slots[i];
            logs[kept] = log;
            kept += log > floor ? 1 : 0;
        }
        slots.resize(kept);
        logs.resize(kept);
    }

    /// Starts with those of slots 0 … count − 1 whose `term(slot)` is above `floor`.
    template <class Term>
    void start(std::uint32_t count, double floor, Term term) {
        slots.resize(count);
        logs.resize(count);
        std::size_t kept = 0;
        for (std::uint32_t slot = 0; slot < count; ++slot) {
            const double log = term(slot);
            slots[kept] = slot;
            logs[kept] = log;
            kept += log > floor ? 1 : 0;
        }
        slots.resize(kept);
        logs.resize(kept);
    }
};

}  // namespace hpogrid::optimizers
