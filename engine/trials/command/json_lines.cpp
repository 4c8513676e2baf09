#include "engine/trials/command/json_lines.hpp"

#include <array>
#include <utility>

namespace hpogrid::trials {
namespace {

/// Puts Python's bare NaN, Infinity and -Infinity into quotes.
std::string quote_non_finite(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 3> words{
        {{"NaN", "\"nan\""}, {"-Infinity", "\"-inf\""}, {"Infinity", "\"inf\""}}};
    std::string result;
    bool in_string = false;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '"') {
            in_string = !in_string;
        } else if (in_string && text[at] == '\\' && at + 1 < text.size()) {
            result += text[at++];
        } else if (!in_string) {
            bool replaced = false;
            for (const auto& [word, replacement] : words) {
                if (text.substr(at, word.size()) == word) {
                    result += replacement;
                    at += word.size();
                    replaced = true;
                    break;
                }
            }
            if (replaced) {
                continue;
            }
        }
        result += text[at++];
    }
    return result;
}

}  // namespace

void JsonLines::feed(std::string_view output, const std::function<void(std::string_view line)>& found) {
    while (!output.empty()) {
        if (inside_) {
            const auto end = output.find('\n');
            if (line_.size() <= longest_line) {
                line_ += output.substr(0, end);
            }
            if (end == std::string_view::npos) {
                return;
            }
            output.remove_prefix(end + 1);
            inside_ = false;
            at_line_start_ = true;
            if (line_.size() <= longest_line) {
                found(line_);
            }
            line_.clear();
            continue;
        }
        const auto brace = output.find('{');
        if (brace == std::string_view::npos) {
            at_line_start_ = output.back() == '\n';
            return;
        }
        inside_ = brace == 0 ? at_line_start_ : output[brace - 1] == '\n';
        at_line_start_ = false;
        output.remove_prefix(inside_ ? brace : brace + 1);
    }
}

void JsonLines::finish(const std::function<void(std::string_view line)>& found) {
    if (inside_ && line_.size() <= longest_line) {
        found(line_);
    }
    *this = {};
}

std::optional<ReportMessage> parse_metrics(std::string_view text) {
    auto report = parse_metrics_object(text);
    return report ? report : parse_metrics_object(quote_non_finite(text));
}

}  // namespace hpogrid::trials
