#pragma once

#include "engine/core/random.hpp"
#include "engine/optimizers/parzen/axis.hpp"
#include "engine/optimizers/parzen/neighbour_bandwidth.hpp"
#include "engine/optimizers/parzen/sorted_centres.hpp"
#include "engine/optimizers/parzen/surviving_kernels.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace hpogrid::optimizers {

/// Where a density is asked for on one axis: at a coordinate, or, on a discrete axis, for a cell.
struct Spot {
    double coordinate;
    Interval cell;
};

/// The kernels of one numeric axis of Optuna's Parzen estimator: normal distributions, each cut to the axis's range,
/// whose widths follow from their neighbours; on a discrete axis their share of a cell. One kernel a slot.
///
/// A change costs O(n) moves of memory and a few logarithms; while there are fewer than 98 kernels, whose least width
/// depends on their number, all are computed anew.
class NumericKernels {
  public:
    struct Rule {
        Neighbours neighbours{Neighbours::centres};
        bool magic_clip{true};  ///< narrowest_bandwidth(), else 1e-12
    };

    /// `axis` outlives this.
    NumericKernels(const Axis& axis, Rule rule) : axis_{&axis}, rule_{rule} {}

    void clear();
    /// Entries: slot and centre, finite and within the range.
    void insert(std::span<const SortedCentres::Entry> entries);
    void erase(std::uint32_t slot);
    /// To be called after changes.
    void prepare();

    /// The logarithm of a kernel at a spot; −∞ for a slot without kernel. Slots from number 0 on.
    void start(const Spot& spot, double floor, SurvivingKernels& kernels);
    void multiply(const Spot& spot, double floor, SurvivingKernels& kernels);
    /// The same for the kernel that stands for the parameter's own distribution: its mean and spread, cut to the range.
    [[nodiscard]] double prior_log(const Spot& spot) const noexcept;
    /// No kernel's logarithm is larger.
    [[nodiscard]] double bound() const noexcept;

    /// A draw from the kernel of a slot.
    [[nodiscard]] double sample(std::uint32_t slot, RandomStream& random) const noexcept;
    [[nodiscard]] double sample_prior(RandomStream& random) const noexcept;

  private:
    /// Kernels with one centre and width, on a discrete axis.
    struct Kind {
        double centre;
        double inverse_width;
        double log_scale;
    };
    void compute(std::size_t position);
    void find_kinds();
    void tabulate(const Spot& spot, double floor);
    /// −∞ where it is certainly not above `floor`.
    [[nodiscard]] static double kind_log(const Kind& kind, const Spot& spot, double floor) noexcept;
    [[nodiscard]] std::uint32_t slots() const noexcept { return static_cast<std::uint32_t>(centres_.size()); }

    const Axis* axis_;
    Rule rule_;
    SortedCentres sorted_;
    std::vector<double> centres_;         ///< [slot]
    std::vector<double> inverse_widths_;  ///< [slot]
    /// [slot]: logarithm of the density at the centre, on a discrete axis of what scales a share of the uncut kernel.
    std::vector<double> log_scales_;
    std::vector<std::uint32_t> stale_;  ///< slots
    bool all_stale_{false};
    bool changed_{false};
    double narrowest_{0.0};
    std::vector<Kind> kinds_;
    std::vector<std::uint32_t> kind_of_;  ///< [slot]
    std::vector<double> kind_logs_;       ///< [kind] at the spot that was last asked for
};

}  // namespace hpogrid::optimizers
