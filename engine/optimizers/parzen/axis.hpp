#pragma once

#include "engine/space/sampling_method.hpp"
#include "engine/space/value.hpp"

#include <cstddef>

namespace hpogrid::optimizers {

/// A stretch of an axis; its ends may be infinite.
struct Interval {
    double low;
    double high;
};

/// How an estimator of densities sees one parameter: a scaled coordinate in which the parameter's own distribution has
/// the spread 1, so that bandwidths mean the same everywhere.
///
/// - uniform methods: 0 … 1 from `low` to `high`, on a logarithmic scale for `log…`;
/// - normal methods: standard deviations from `mu`, unbounded, of the logarithm for `log…`;
/// - categorical: the index of the category.
///
/// A discrete value stands at a coordinate and owns the cell of all coordinates that are rounded to it.
class Axis {
  public:
    enum class EndCells {
        cut,    ///< cells of `quniform` end at `low` and `high`, as its distribution does
        whole,  ///< the first and the last value own a whole cell: all values of `quniform` are equally likely
    };

    /// `method`: any but Fixed; must outlive this.
    explicit Axis(const space::SamplingMethod& method, EndCells end_cells = EndCells::cut);

    [[nodiscard]] bool categorical() const noexcept { return categories_ > 0; }
    /// Number of categories; 0 for a numeric axis.
    [[nodiscard]] std::size_t categories() const noexcept { return categories_; }
    /// Whether values own cells. False for categories and for real numbers.
    [[nodiscard]] bool discrete() const noexcept { return discrete_; }
    /// Where all coordinates lie; infinite for normal methods.
    [[nodiscard]] Interval range() const noexcept { return range_; }
    /// Mean of the parameter's own distribution.
    [[nodiscard]] double middle() const noexcept;

    /// Finite. \pre contains(method, value)
    [[nodiscard]] double coordinate(const space::Value& value) const;
    /// The value at a coordinate; a coordinate outside the range counts as its nearest end.
    [[nodiscard]] space::Value value(double coordinate) const;
    /// The cell of a value within the range. \pre discrete() and contains(method, value)
    [[nodiscard]] Interval cell(const space::Value& value) const;

  private:
    [[nodiscard]] double place(double x) const;

    const space::SamplingMethod* method_;
    /// The method without steps. A whole-celled `quniform` reaches half a step beyond its first and last value.
    space::SamplingMethod real_;
    double step_{0.0};         ///< of quantised methods
    Interval ends_{0.0, 0.0};  ///< first and last value of whole-celled methods
    Interval range_;
    std::size_t categories_{0};
    bool discrete_{false};
    bool falling_{false};  ///< values fall as coordinates rise: a logarithm with a base below 1
};

}  // namespace hpogrid::optimizers
