#include "launchers/core/run_program.hpp"

#include "engine/core/error.hpp"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

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

struct FileActions {
    FileActions() { posix_spawn_file_actions_init(&list); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;
    ~FileActions() { posix_spawn_file_actions_destroy(&list); }

    posix_spawn_file_actions_t list{};
};

int run(const std::vector<std::string>& words, const FileActions& actions) {
    // What we printed stands before what it prints.
    std::fflush(nullptr);
    pid_t child = 0;
    const int error =
        ::posix_spawnp(&child, words.front().c_str(), &actions.list, nullptr, pointers(words).data(), environ);
    if (error != 0) {
        throw cannot_start(words.front(), error);
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    constexpr int signalled = 128;
    return WIFEXITED(status) ? WEXITSTATUS(status) : signalled + WTERMSIG(status);
}

using TemporaryFile = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

/// Without a name, and gone when it is closed.
TemporaryFile temporary_file(const std::string& content) {
    TemporaryFile file{std::tmpfile(), &std::fclose};
    if (file == nullptr || std::fwrite(content.data(), 1, content.size(), file.get()) != content.size() ||
        std::fflush(file.get()) != 0) {
        throw OutputError{fmt::format("a temporary file cannot be written: {}", std::strerror(errno))};
    }
    std::rewind(file.get());
    return file;
}

std::string content_of(std::FILE* file) {
    std::string text;
    std::array<char, 4096> part{};
    std::rewind(file);
    for (std::size_t read = 1; read > 0;) {
        read = std::fread(part.data(), 1, part.size(), file);
        text.append(part.data(), read);
    }
    return text;
}

}  // namespace

int run_program(const std::vector<std::string>& words, const fs::path& folder, std::string* output) {
    FileActions actions;
    posix_spawn_file_actions_addchdir_np(&actions.list, folder.c_str());
    if (output == nullptr) {
        return run(words, actions);
    }
    const TemporaryFile printed = temporary_file("");
    posix_spawn_file_actions_adddup2(&actions.list, ::fileno(printed.get()), STDOUT_FILENO);
    const int status = run(words, actions);
    *output = content_of(printed.get());
    return status;
}

Ended run_with_input(const std::vector<std::string>& words, const std::string& input) {
    const TemporaryFile given = temporary_file(input);
    const TemporaryFile complaint = temporary_file("");
    FileActions actions;
    posix_spawn_file_actions_adddup2(&actions.list, ::fileno(given.get()), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions.list, ::fileno(complaint.get()), STDERR_FILENO);
    return {run(words, actions), content_of(complaint.get())};
}

void become_program(const std::vector<std::string>& words) {
    std::fflush(nullptr);
    ::execvp(words.front().c_str(), pointers(words).data());
    throw cannot_start(words.front(), errno);
}

}  // namespace hpogrid::launchers
