#include "engine/trials/native/csv_table.hpp"

#include "engine/core/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <string_view>

namespace hpogrid::trials {
namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r";
    const auto begin = text.find_first_not_of(blank);
    return begin == std::string_view::npos ? std::string_view{}
                                           : text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

std::vector<std::string_view> fields_of(std::string_view line) {
    std::vector<std::string_view> fields;
    for (std::size_t begin = 0; begin <= line.size();) {
        const std::size_t end = std::min(line.find(',', begin), line.size());
        fields.push_back(trimmed(line.substr(begin, end - begin)));
        begin = end + 1;
    }
    return fields;
}

void check_names(const std::filesystem::path& file, const std::vector<std::string>& names) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        const bool repeated = std::ranges::count(names, names[i]) > 1;
        if (names[i].empty() || repeated) {
            throw InputError{fmt::format("{}: line 1: column {} is '{}'{}, allowed: a name of its own for each column",
                                         file.string(), i + 1, names[i], repeated ? " (twice)" : "")};
        }
    }
}

}  // namespace

NumberTable read_csv(const std::filesystem::path& file, TablePart part) {
    std::ifstream stream{file};
    std::string line;
    if (!stream || !std::getline(stream, line)) {
        throw InputError{
            fmt::format("{}: cannot be read, or is empty, allowed: a CSV file with a line of names", file.string())};
    }
    NumberTable table;
    for (const std::string_view name : fields_of(line)) {
        table.names.emplace_back(name);
    }
    check_names(file, table.names);
    table.columns.resize(table.names.size());
    if (part == TablePart::outline) {
        return table;
    }
    for (std::size_t number = 2; std::getline(stream, line); ++number) {
        if (trimmed(line).empty()) {
            continue;
        }
        const auto fields = fields_of(line);
        if (fields.size() != table.names.size()) {
            throw InputError{fmt::format("{}: line {} has {} fields, allowed: {}", file.string(), number, fields.size(),
                                         table.names.size())};
        }
        for (std::size_t i = 0; i < fields.size(); ++i) {
            float value = 0;
            const char* const end = fields[i].data() + fields[i].size();
            const auto [rest, error] = std::from_chars(fields[i].data(), end, value);
            if (error != std::errc{} || rest != end) {
                throw InputError{fmt::format("{}: line {}: '{}' is '{}', allowed: a number", file.string(), number,
                                             table.names[i], fields[i])};
            }
            table.columns[i].push_back(value);
        }
    }
    return table;
}

}  // namespace hpogrid::trials
