#include "engine/console/live_block.hpp"

#include "engine/console/text.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

namespace hpogrid::console {

void LiveBlock::draw(std::vector<std::string> lines, std::size_t width) {
    clear(width);
    for (const std::string& line : lines) {
        fmt::print("{}\n", line);
    }
    drawn_ = std::move(lines);
    std::fflush(stdout);
}

void LiveBlock::clear(std::size_t width) {
    if (!drawn_.empty()) {
        // ANSI: cursor up n lines to column 1, erase to the end of the screen. A terminal that has become narrower
        // since has wrapped the lines.
        fmt::print("\x1b[{}F\x1b[J", rows(drawn_, width));
        drawn_.clear();
        std::fflush(stdout);
    }
}

}  // namespace hpogrid::console
