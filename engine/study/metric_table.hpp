#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hpogrid::study {

/// Names of the metrics in the order in which they were first reported. The objective has index 0.
class MetricTable {
  public:
    explicit MetricTable(std::string objective);

    /// Index of the metric; a new one is added at the end.
    std::size_t index(std::string_view name);
    [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;
    [[nodiscard]] std::span<const std::string> names() const noexcept { return names_; }

  private:
    std::vector<std::string> names_;
    std::map<std::string, std::size_t, std::less<>> index_;
};

}  // namespace hpogrid::study
