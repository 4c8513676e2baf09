#include "engine/cluster/checkpoints/sharing_probe.hpp"

#include "engine/core/environment.hpp"
#include "engine/results/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <cstdint>
#include <random>
#include <string>
#include <system_error>

namespace hpogrid::cluster {
namespace fs = std::filesystem;
namespace {

constexpr const char* infix = ".probe-";

std::string random_token() {
    std::random_device source;
    return fmt::format("{:08x}{:08x}", source(), source());
}

void remove_left_probes(const fs::path& checkpoints) {
    const std::string prefix = checkpoints.filename().string() + infix;
    std::error_code error;
    for (fs::directory_iterator entry{results::folder_of(checkpoints), error}, end; !error && entry != end;
         entry.increment(error)) {
        if (entry->path().filename().string().starts_with(prefix)) {
            std::error_code ignored;
            fs::remove(entry->path(), ignored);
        }
    }
}

}  // namespace

SharingProbe::SharingProbe(const fs::path& checkpoints) : file_{checkpoints} {
    remove_left_probes(checkpoints);
    file_ += infix + random_token();
    results::File{file_, O_WRONLY | O_CREAT | O_EXCL}.close();
}

SharingProbe::~SharingProbe() {
    std::error_code ignored;
    fs::remove(file_, ignored);
}

CheckpointPlace checkpoint_place(const fs::path& checkpoints, const fs::path& probe, int rank) {
    const std::string own = environment_variable("HPOGRID_CHECKPOINT_DIR");
    std::error_code error;
    if (probe.empty() || (own.empty() && fs::exists(probe, error))) {
        return {checkpoints, true};
    }
    const fs::path base = own.empty() ? fs::temp_directory_path() : fs::absolute(own);
    const std::string token = probe.filename().string().substr(probe.filename().string().rfind('-') + 1);
    return {base / fmt::format("hpogrid-{}-rank{}", token, rank), false};
}

}  // namespace hpogrid::cluster
