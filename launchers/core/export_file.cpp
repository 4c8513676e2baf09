#include "launchers/core/export_file.hpp"

#include "engine/config/printable.hpp"
#include "engine/core/error.hpp"
#include "engine/results/file.hpp"
#include "launchers/core/folders.hpp"

#include <fmt/format.h>

#include <span>

namespace hpogrid::launchers {

void write_export(const std::filesystem::path& target, std::string_view text, bool overwrite) {
    if (is_there(target) && !overwrite) {
        throw InputError{
            fmt::format("{}: exists already, allowed: another name, or --overwrite", config::printable_path(target))};
    }
    results::replace_file(target, std::as_bytes(std::span{text}));
}

}  // namespace hpogrid::launchers
