#include "engine/trials/trial_folder.hpp"

#include <fmt/core.h>

#include <system_error>

namespace hpogrid::trials {

std::filesystem::path trial_folder(const std::filesystem::path& trials_folder, TrialId trial) {
    return (trials_folder.is_absolute() ? trials_folder : std::filesystem::absolute(trials_folder)) /
           fmt::format("{:06}", trial.value);
}

std::filesystem::path log_file(const std::filesystem::path& folder, std::uint32_t attempt) {
    return folder / (attempt <= 1 ? std::string{"log.txt"} : fmt::format("log_attempt{}.txt", attempt));
}

std::string make_folder(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    return error ? fmt::format("cannot make folder {}: {}", folder.string(), error.message()) : std::string{};
}

}  // namespace hpogrid::trials
