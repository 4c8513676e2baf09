#pragma once

#include "engine/trials/trial_channel.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace hpogrid::trials {

/// Finds the lines that begin with '{' in a program's output, in whatever pieces it arrives. Output without such lines
/// costs next to nothing.
class JsonLines {
  public:
    static constexpr std::size_t longest_line = std::size_t{1} << 20;  ///< longer ones are ignored

    void feed(std::string_view output, const std::function<void(std::string_view line)>& found);
    /// At the end of the output: its last line may have no newline.
    void finish(const std::function<void(std::string_view line)>& found);

  private:
    bool at_line_start_{true};
    bool inside_{false};  ///< in a line that begins with '{'
    std::string line_;
};

/// A JSON object of metrics, `{"loss": 0.1}`, as a report: numbers count, "nan", "inf" and the bare NaN and Infinity
/// that Python's json writes included; everything else is refused. Nothing if the text is no JSON object.
[[nodiscard]] std::optional<ReportMessage> parse_metrics(std::string_view text);

}  // namespace hpogrid::trials
