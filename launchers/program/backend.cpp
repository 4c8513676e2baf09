#include "launchers/program/backend.hpp"

#include "launchers/program/local_backend.hpp"
#include "launchers/program/panda_backend.hpp"
#include "launchers/program/slurm_backend.hpp"

#include <algorithm>
#include <array>

namespace hpogrid::launchers {
namespace {

constexpr std::array known{
    Backend{"panda", &run_on_panda},
    Backend{"slurm", &run_on_slurm},
    Backend{"local", &run_here},
};

}  // namespace

std::span<const Backend> backends() noexcept {
    return known;
}

std::vector<std::string> backend_names() {
    std::vector<std::string> names;
    for (const Backend& backend : known) {
        names.emplace_back(backend.name);
    }
    return names;
}

const Backend& find_backend(std::string_view name) {
    return *std::ranges::find(known, name, &Backend::name);
}

}  // namespace hpogrid::launchers
