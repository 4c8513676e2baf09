#include "engine/trials/native/replace_file.hpp"

#include "engine/core/error.hpp"

#include <fmt/format.h>

#include <fstream>
#include <system_error>

namespace hpogrid::trials {

void replace_file(const std::filesystem::path& file, std::string_view contents) {
    const std::filesystem::path beside = file.string() + ".part";
    std::ofstream stream{beside, std::ios::binary | std::ios::trunc};
    stream.write(contents.data(), static_cast<std::streamsize>(contents.size()));
    stream.close();
    std::error_code error;
    if (stream) {
        std::filesystem::rename(beside, file, error);
    }
    if (!stream || error) {
        throw OutputError{fmt::format("{}: cannot be written", beside.string())};
    }
}

}  // namespace hpogrid::trials
