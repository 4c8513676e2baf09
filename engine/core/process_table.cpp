#include "engine/core/process_table.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string_view>

namespace hpogrid {
namespace {

namespace fs = std::filesystem;

std::optional<pid_t> to_id(std::string_view text) {
    pid_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional{id} : std::nullopt;
}

fs::path folder_of(pid_t id_in_table) {
    return fs::path{"/proc"} / std::to_string(id_in_table);
}

/// What follows `key` in the lines of a status file, as numbers.
std::vector<pid_t> numbers_of(const fs::path& folder, std::string_view key) {
    std::ifstream file{folder / "status"};
    std::string line;
    while (std::getline(file, line)) {
        if (line.starts_with(key)) {
            std::istringstream words{line.substr(key.size())};
            return {std::istream_iterator<pid_t>{words}, {}};
        }
    }
    return {};
}

/// Translates ids of the table into those of this process's namespace.
class Translation {
  public:
    Translation() {
        std::error_code error;
        const auto own = to_id(fs::read_symlink("/proc/self", error).string());
        own_in_table_ = own.value_or(::getpid());
        if (own_in_table_ != ::getpid()) {
            depth_ = numbers_of("/proc/self", "NSpid:").size();
        }
    }

    [[nodiscard]] pid_t own_in_table() const noexcept { return own_in_table_; }

    [[nodiscard]] std::optional<ProcessEntry> operator()(pid_t id_in_table) const {
        fs::path folder = folder_of(id_in_table);
        if (depth_ == 0) {
            return ProcessEntry{id_in_table, std::move(folder)};
        }
        const std::vector<pid_t> ids = numbers_of(folder, "NSpid:");
        if (ids.size() < depth_) {
            return std::nullopt;
        }
        return ProcessEntry{ids[depth_ - 1], std::move(folder)};
    }

  private:
    pid_t own_in_table_{0};
    std::size_t depth_{0};  ///< namespaces from that of the table to ours, both counted; 0 = the same one
};

std::vector<pid_t> all_ids_in_table() {
    std::vector<pid_t> ids;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{"/proc", error}) {
        if (const auto id = to_id(entry.path().filename().string())) {
            ids.push_back(*id);
        }
    }
    return ids;
}

/// Where the kernel keeps no list of children: compares the parent of every process.
std::vector<pid_t> children_by_scan(pid_t parent) {
    std::vector<pid_t> children;
    for (const pid_t id : all_ids_in_table()) {
        if (numbers_of(folder_of(id), "PPid:") == std::vector{parent}) {
            children.push_back(id);
        }
    }
    return children;
}

std::vector<pid_t> child_ids_in_table(pid_t parent) {
    std::vector<pid_t> children;
    std::error_code error;
    for (const auto& task : fs::directory_iterator{"/proc/self/task", error}) {
        std::ifstream file{task.path() / "children"};
        if (!file) {
            return children_by_scan(parent);
        }
        std::copy(std::istream_iterator<pid_t>{file}, {}, std::back_inserter(children));
    }
    return children;
}

std::vector<ProcessEntry> translated(const std::vector<pid_t>& ids, const Translation& translation) {
    std::vector<ProcessEntry> entries;
    entries.reserve(ids.size());
    for (const pid_t id : ids) {
        if (auto entry = translation(id)) {
            entries.push_back(std::move(*entry));
        }
    }
    return entries;
}

}  // namespace

std::string ProcessEntry::environment() const {
    std::ifstream file{folder / "environ", std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

bool ProcessEntry::is_exiting() const {
    std::ifstream file{folder / "stat"};
    std::string line;
    std::getline(file, line);
    // After the name, which may hold anything: state, parent, group, session, terminal, its group, flags (proc(5)).
    std::istringstream fields{line.substr(std::min(line.size(), line.rfind(')') + 1))};
    std::string skipped;
    for (int field = 0; field < 6; ++field) {
        fields >> skipped;
    }
    unsigned long flags = 0;
    constexpr unsigned long exiting = 0x4;  // PF_EXITING of the kernel's include/linux/sched.h
    return fields >> flags && (flags & exiting) != 0;
}

std::vector<ProcessEntry> children_of_this_process() {
    const Translation translation;
    return translated(child_ids_in_table(translation.own_in_table()), translation);
}

std::vector<ProcessEntry> all_processes() {
    return translated(all_ids_in_table(), Translation{});
}

fs::path folder_of_parent() {
    const std::vector<pid_t> parent = numbers_of("/proc/self", "PPid:");
    return folder_of(parent.empty() ? ::getppid() : parent.front());
}

}  // namespace hpogrid
