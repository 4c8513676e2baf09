#include "engine/cluster/checkpoint_folder.hpp"

#include <set>
#include <system_error>
#include <utility>

namespace hpogrid::cluster {
namespace fs = std::filesystem;

CheckpointFolder::CheckpointFolder(fs::path folder) : folder_{std::move(folder)}, thread_{[this] { run(); }} {}

CheckpointFolder::~CheckpointFolder() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void CheckpointFolder::remove(const study::Checkpoint& checkpoint) {
    remove_later({folder_name(checkpoint)});
}

void CheckpointFolder::remove_all_but(const std::vector<study::Checkpoint>& needed) {
    std::set<std::string> names;
    for (const study::Checkpoint& checkpoint : needed) {
        names.insert(folder_name(checkpoint));
    }
    std::vector<std::string> others;
    std::error_code error;
    for (fs::directory_iterator entry{folder_, error}, end; !error && entry != end; entry.increment(error)) {
        std::string name = entry->path().filename().string();
        if (study::is_checkpoint_name(name) && !names.contains(name)) {
            others.push_back(std::move(name));
        }
    }
    remove_later(std::move(others));
}

void CheckpointFolder::remove_later(std::vector<std::string> names) {
    {
        const std::lock_guard lock{mutex_};
        names_.insert(names_.end(), std::make_move_iterator(names.begin()), std::make_move_iterator(names.end()));
    }
    changed_.notify_one();
}

void CheckpointFolder::run() {
    std::unique_lock lock{mutex_};
    while (true) {
        changed_.wait(lock, [this] { return stopping_ || !names_.empty(); });
        if (names_.empty()) {
            return;
        }
        const std::string name = std::move(names_.front());
        names_.pop_front();
        lock.unlock();
        std::error_code ignored;
        fs::remove_all(folder_ / name, ignored);
        lock.lock();
    }
}

}  // namespace hpogrid::cluster
