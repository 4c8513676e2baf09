#include "engine/cluster/checkpoints/checkpoint_folder.hpp"

#include <set>
#include <system_error>

namespace hpogrid::cluster {
namespace fs = std::filesystem;

CheckpointFolder::CheckpointFolder(fs::path folder)
    : folder_{std::move(folder)}, exchange_{folder_}, thread_{[this] { run(); }} {}

CheckpointFolder::~CheckpointFolder() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void CheckpointFolder::remove(const study::Checkpoint& checkpoint) {
    later([path = folder_ / folder_name(checkpoint)] {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    });
}

void CheckpointFolder::remove_all_but(const std::vector<study::Checkpoint>& needed) {
    std::set<std::string> names;
    for (const study::Checkpoint& checkpoint : needed) {
        names.insert(folder_name(checkpoint));
    }
    // Listed at once: what a trial saves from now on is none of these.
    std::vector<fs::path> others;
    std::error_code error;
    for (fs::directory_iterator entry{folder_, error}, end; !error && entry != end; entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        if (study::is_checkpoint_name(name) && !names.contains(name)) {
            others.push_back(entry->path());
        }
    }
    later([others = std::move(others)] {
        for (const fs::path& path : others) {
            std::error_code ignored;
            fs::remove_all(path, ignored);
        }
    });
}

void CheckpointFolder::handle(WorkerId worker, Message message) {
    later([this, worker, message = std::move(message)] {
        if (auto answer = exchange_.answer(worker, message)) {
            const std::lock_guard lock{mutex_};
            replies_.push_back({worker, std::move(*answer)});
        }
    });
}

void CheckpointFolder::forget(WorkerId worker) {
    later([this, worker] { exchange_.forget(worker); });
}

std::vector<CheckpointFolder::Reply> CheckpointFolder::take_replies() {
    const std::lock_guard lock{mutex_};
    return std::exchange(replies_, {});
}

void CheckpointFolder::later(std::function<void()> task) {
    {
        const std::lock_guard lock{mutex_};
        tasks_.push_back(std::move(task));
    }
    changed_.notify_one();
}

void CheckpointFolder::run() {
    std::unique_lock lock{mutex_};
    while (true) {
        changed_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
        if (tasks_.empty()) {
            return;
        }
        const std::function<void()> task = std::move(tasks_.front());
        tasks_.pop_front();
        lock.unlock();
        task();
        lock.lock();
    }
}

}  // namespace hpogrid::cluster
