#include "engine/trials/native/native_checkpoint.hpp"

#include "engine/core/error.hpp"
#include "engine/trials/process/file_descriptor.hpp"
#include "engine/trials/trial_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <span>
#include <string_view>
#include <system_error>

namespace hpogrid::trials {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;

constexpr const char* state_name = "slot_state.bin";
constexpr const char* metadata_name = "hpogrid_metadata.json";

[[noreturn]] void fail(const fs::path& path, std::string_view done, const std::string& why) {
    throw OutputError{fmt::format("{}: cannot be {}: {}", path.string(), done, why)};
}

void write_file(const fs::path& file, std::span<const char> content) {
    std::ofstream stream{file, std::ios::binary | std::ios::trunc};
    stream.write(content.data(), static_cast<std::streamsize>(content.size()));
    stream.close();
    if (!stream) {
        fail(file, "written", std::generic_category().message(errno));
    }
    flush_to_disk(file);
}

std::vector<std::byte> read_file(const fs::path& file) {
    std::error_code error;
    const std::uintmax_t size = fs::file_size(file, error);
    std::vector<std::byte> content(error ? 0 : size);
    std::ifstream stream{file, std::ios::binary};
    // At once: byte by byte takes longer than all the rest of going on.
    stream.read(reinterpret_cast<char*>(content.data()), static_cast<std::streamsize>(content.size()));
    if (error || !stream) {
        throw InputError{fmt::format("{}: cannot be read", file.string())};
    }
    return content;
}

std::string metadata_of(const NativeCheckpoint& checkpoint) {
    json metadata{
        {"trial", checkpoint.trial.value}, {"iteration", checkpoint.iteration}, {"time_total", checkpoint.time_total}};
    if (checkpoint.best_objective && std::isfinite(*checkpoint.best_objective)) {
        metadata["best_objective"] = *checkpoint.best_objective;
    }
    return metadata.dump();
}

}  // namespace

void flush_to_disk(const fs::path& path) {
    const FileDescriptor opened{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    // File systems that cannot flush folders say EINVAL.
    if (!opened || (::fsync(opened.get()) != 0 && errno != EINVAL)) {
        fail(path, "written to disk", std::generic_category().message(errno));
    }
}

std::uint64_t save_checkpoint(const fs::path& folder, const NativeCheckpoint& checkpoint) {
    const fs::path unfinished = folder.string() + ".unfinished";
    std::error_code error;
    fs::remove_all(unfinished, error);
    if (const std::string problem = make_folder(unfinished); !problem.empty()) {
        throw OutputError{problem};
    }
    const std::string metadata = metadata_of(checkpoint);
    write_file(unfinished / state_name,
               {reinterpret_cast<const char*>(checkpoint.state.data()), checkpoint.state.size()});
    write_file(unfinished / metadata_name, metadata);
    flush_to_disk(unfinished);
    // Of an attempt of the same number that nobody has heard of, before a power cut.
    fs::remove_all(folder, error);
    fs::rename(unfinished, folder, error);
    if (error) {
        fail(unfinished, "renamed", error.message());
    }
    flush_to_disk(folder.parent_path());
    return checkpoint.state.size() + metadata.size();
}

NativeCheckpoint load_checkpoint(const fs::path& folder) {
    const std::vector<std::byte> text = read_file(folder / metadata_name);
    NativeCheckpoint checkpoint;
    try {
        const json metadata = json::parse(reinterpret_cast<const char*>(text.data()),
                                          reinterpret_cast<const char*>(text.data()) + text.size());
        checkpoint.trial = TrialId{metadata.at("trial").get<std::uint32_t>()};
        checkpoint.iteration = metadata.at("iteration").get<int>();
        checkpoint.time_total = metadata.at("time_total").get<double>();
        if (metadata.contains("best_objective")) {
            checkpoint.best_objective = metadata.at("best_objective").get<double>();
        }
    } catch (const json::exception&) {
        throw InputError{
            fmt::format("{}: no metadata of a native trial's checkpoint", (folder / metadata_name).string())};
    }
    checkpoint.state = read_file(folder / state_name);
    return checkpoint;
}

}  // namespace hpogrid::trials
