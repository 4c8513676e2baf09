#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace hpogrid::console {

/// Lines on the terminal of standard output that are drawn over themselves.
class LiveBlock {
  public:
    /// Draws lines over the earlier ones. `width`: columns of the terminal now.
    void draw(std::vector<std::string> lines, std::size_t width);
    /// Takes them away, so that what follows stands alone.
    void clear(std::size_t width);

  private:
    std::vector<std::string> drawn_;
};

}  // namespace hpogrid::console
