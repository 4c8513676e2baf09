#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace hpogrid::trials {

/// XGBoost's C interface as values. Its errors become std::runtime_error with the first line of what it says. All
/// functions must be called by one thread: XGBoost's random numbers belong to the thread.

/// Rows in XGBoost's memory.
class XgMatrix {
  public:
    /// \param values [row][column] \param labels, weights [row]
    XgMatrix(std::span<const float> values, std::span<const float> labels, std::span<const float> weights);
    XgMatrix(const XgMatrix&) = delete;
    XgMatrix& operator=(const XgMatrix&) = delete;
    ~XgMatrix();

    [[nodiscard]] void* handle() const noexcept { return handle_; }

  private:
    void* handle_{nullptr};
};

/// A name and a value as text.
struct XgParameter {
    std::string name;
    std::string value;
};

/// Trees that grow round by round.
class XgBooster {
  public:
    /// \param matrices those whose margins are kept between rounds; they must outlive the booster
    XgBooster(std::span<const XgMatrix* const> matrices, std::vector<XgParameter> parameters);
    XgBooster(XgBooster&& other) noexcept;
    XgBooster& operator=(XgBooster&& other) noexcept;
    ~XgBooster();

    /// Adds the trees of round `round`. What it draws depends on the seed and the round alone, not on earlier rounds or
    /// other boosters, so that it may go on from a state. (Not with `tree_method` "approx", which keeps more.)
    void boost(int round, const XgMatrix& training);
    /// Scores before the link function: [row][output].
    [[nodiscard]] std::vector<float> margins(const XgMatrix& matrix) const;
    /// Weighted mean of the parameter `eval_metric`.
    [[nodiscard]] double evaluate(const XgMatrix& matrix) const;

    /// All that the next rounds depend on, and back.
    [[nodiscard]] std::string state() const;
    void set_state(std::string_view state);

    /// The model after its first `rounds` rounds, in XGBoost's JSON. \param attributes stored along
    [[nodiscard]] std::string model(int rounds, std::span<const std::string> features,
                                    std::span<const XgParameter> attributes) const;

  private:
    XgBooster() = default;
    void set(const XgParameter& parameter);
    void set_parameters();

    void* handle_{nullptr};
    std::vector<XgParameter> parameters_;
};

}  // namespace hpogrid::trials
