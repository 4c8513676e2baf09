#include "launchers/core/text_table.hpp"

#include "engine/config/printable.hpp"
#include "engine/core/environment.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <string_view>

namespace hpogrid::launchers {
namespace {

constexpr std::string_view gap = "  ";

std::size_t columns(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & '\xC0') != '\x80'; }));
}

std::string shown(const std::string& cell) {
    return config::printable(cell, std::numeric_limits<std::size_t>::max());
}

/// The first `width` columns.
std::string fit(const std::string& text, std::size_t width) {
    if (columns(text) <= width) {
        return text;
    }
    std::string cut;
    std::size_t taken = 0;
    for (const char byte : text) {
        if ((byte & '\xC0') != '\x80' && ++taken >= width) {
            break;
        }
        cut += byte;
    }
    return width == 0 ? "" : cut + "…";
}

std::string line(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths, std::size_t limit) {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string cell = shown(cells[i]);
        text += (i == 0 ? "" : std::string{gap}) + cell;
        const bool last = i + 1 == cells.size();
        text += last ? "" : std::string(widths[i] - columns(cell), ' ');
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return fit(text, limit) + "\n";
}

/// The line with its style, which ends before the line does.
std::string styled(const std::string& text, const std::string& style) {
    return style.empty() ? text : "\x1b[" + style + "m" + text.substr(0, text.size() - 1) + "\x1b[0m\n";
}

}  // namespace

std::string render(const TextTable& table, std::size_t width, bool colours) {
    const std::size_t limit = width == 0 ? std::numeric_limits<std::size_t>::max() : width;
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < table.titles.size(); ++i) {
        widths.push_back(columns(shown(table.titles[i])));
        for (const auto& row : table.rows) {
            widths[i] = std::max(widths[i], columns(shown(row[i])));
        }
    }
    std::string text = line(table.titles, widths, limit);
    std::vector<std::string> rules;
    for (const std::size_t each : widths) {
        std::string rule;
        for (std::size_t i = 0; i < each; ++i) {
            rule += "─";
        }
        rules.push_back(std::move(rule));
    }
    text += line(rules, widths, limit);
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
        const std::string style = colours && i < table.styles.size() ? table.styles[i] : "";
        text += styled(line(table.rows[i], widths, limit), style);
    }
    return text;
}

std::size_t terminal_width() {
    winsize size{};
    return ::isatty(STDOUT_FILENO) == 1 && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

bool colours_wanted() {
    return ::isatty(STDOUT_FILENO) == 1 && environment_variable("NO_COLOR").empty() &&
           environment_variable("TERM") != "dumb";
}

}  // namespace hpogrid::launchers
