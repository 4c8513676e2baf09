#include "launchers/core/run_program.hpp"

#include "engine/core/error.hpp"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace hpogrid::launchers {
namespace fs = std::filesystem;
namespace {

std::vector<char*> pointers(const std::vector<std::string>& words) {
    std::vector<char*> list;
    for (const std::string& word : words) {
        list.push_back(const_cast<char*>(word.c_str()));
    }
    list.push_back(nullptr);
    return list;
}

InputError cannot_start(const std::string& program, int error) {
    return InputError{fmt::format("{}: cannot be started ({})", program, std::strerror(error))};
}

}  // namespace

std::optional<fs::path> find_program(const std::string& name) {
    const char* variable = std::getenv("PATH");
    const std::string folders = variable != nullptr ? variable : "/usr/local/bin:/usr/bin:/bin";
    for (std::size_t begin = 0; begin <= folders.size();) {
        const std::size_t end = std::min(folders.find(':', begin), folders.size());
        const fs::path path = fs::path{folders.substr(begin, end - begin)} / name;
        std::error_code error;
        if (fs::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0) {
            return path;
        }
        begin = end + 1;
    }
    return std::nullopt;
}

int run_program(const std::vector<std::string>& words, const fs::path& folder) {
    // What we printed stands before what it prints.
    std::fflush(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
    pid_t child = 0;
    const int error = ::posix_spawnp(&child, words.front().c_str(), &actions, nullptr, pointers(words).data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        throw cannot_start(words.front(), error);
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    constexpr int signalled = 128;
    return WIFEXITED(status) ? WEXITSTATUS(status) : signalled + WTERMSIG(status);
}

void become_program(const std::vector<std::string>& words) {
    std::fflush(nullptr);
    ::execvp(words.front().c_str(), pointers(words).data());
    throw cannot_start(words.front(), errno);
}

}  // namespace hpogrid::launchers
