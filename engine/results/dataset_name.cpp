#include "engine/results/dataset_name.hpp"

#include "engine/results/utf8.hpp"

#include <charconv>
#include <optional>

namespace hpogrid::results {
namespace {

/// Value of the two hexadecimal digits that begin the text, if two do.
std::optional<char> hexadecimal_byte(std::string_view text) {
    unsigned char value = 0;
    const char* end = text.data() + 2;
    if (text.size() < 2 || text[0] == '+' || text[0] == '-' ||
        std::from_chars(text.data(), end, value, 16).ptr != end) {
        return std::nullopt;
    }
    return static_cast<char>(value);
}

}  // namespace

std::string dataset_name(std::string_view column) {
    if (column.empty()) {
        return "%";
    }
    if (column == "%") {
        return "%25";
    }
    if (column == ".") {
        return "%2E";
    }
    std::string name;
    for (std::size_t i = 0; i < column.size(); ++i) {
        const char character = column[i];
        if (character == '/') {
            name += "%2F";
        } else if (character == '\0') {
            name += "%00";
        } else if (character == '%' && hexadecimal_byte(column.substr(i + 1))) {
            name += "%25";
        } else {
            name += character;
        }
    }
    return valid_utf8(name);
}

std::string column_name(std::string_view dataset) {
    if (dataset == "%") {
        return {};
    }
    std::string name;
    for (std::size_t i = 0; i < dataset.size(); ++i) {
        const auto byte = dataset[i] == '%' ? hexadecimal_byte(dataset.substr(i + 1)) : std::nullopt;
        name += byte.value_or(dataset[i]);
        i += byte ? 2 : 0;
    }
    return name;
}

}  // namespace hpogrid::results
