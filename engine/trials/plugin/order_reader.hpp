#pragma once

#include <cstdint>
#include <deque>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace hpogrid::trials::plugin {

/// What the host reads from its worker: orders, and requests to stop one of them: {"stop":7,"attempt":1}.
class OrderReader {
  public:
    /// `descriptor`: a socket, not owned.
    explicit OrderReader(int descriptor) noexcept : descriptor_{descriptor} {}

    /// The next order, waiting for it. Nothing when the worker has gone.
    [[nodiscard]] std::optional<nlohmann::json> next();
    /// Whether this attempt was asked to stop, reading what has arrived.
    [[nodiscard]] bool stopped(std::uint32_t trial, std::uint32_t attempt);
    /// To be called when an attempt has ended.
    void forget(std::uint32_t trial, std::uint32_t attempt) { stops_.erase({trial, attempt}); }

  private:
    /// False when there was nothing to read: nothing there yet, or the worker has gone.
    bool read(bool wait);
    void take_line(std::string_view line);

    int descriptor_;
    std::string unread_;
    std::deque<nlohmann::json> orders_;
    std::set<std::pair<std::uint32_t, std::uint32_t>> stops_;
};

}  // namespace hpogrid::trials::plugin
