#include "engine/cluster/results_publisher.hpp"

#include "engine/core/error.hpp"
#include "engine/core/wall_clock.hpp"
#include "engine/results/metadata.hpp"
#include "engine/results/results_file.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace hpogrid::cluster {

ResultsPublisher::ResultsPublisher(results::Recorder recorder, Files files, double interval)
    : recorder_{std::move(recorder)}, files_{std::move(files)}, interval_{interval} {
    thread_ = std::thread{[this] { run(); }};
}

ResultsPublisher::~ResultsPublisher() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void ResultsPublisher::on_turn(const study::Study& study) {
    const double now = steady_clock();
    if (now < next_) {
        return;
    }
    {
        const std::lock_guard lock{mutex_};
        if (writing_ || waiting_) {
            return;
        }
        next_ = now + std::max(interval_, 20.0 * last_duration_);
    }
    throw_failure();
    results::Snapshot snapshot = recorder_.snapshot(study, results::RunStatus::running, wall_clock());
    {
        const std::lock_guard lock{mutex_};
        waiting_ = std::move(snapshot);
    }
    changed_.notify_all();
}

void ResultsPublisher::write_now(const study::Study& study, results::RunStatus status) {
    {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [this] { return !writing_ && !waiting_; });
    }
    write(recorder_.snapshot(study, status, wall_clock()));
}

void ResultsPublisher::write(const results::Snapshot& snapshot) const {
    results::write_results_file(files_.results, snapshot);
    results::write_metadata(files_.metadata, snapshot);
}

void ResultsPublisher::throw_failure() {
    const std::lock_guard lock{mutex_};
    if (!failure_.empty()) {
        throw OutputError{std::exchange(failure_, {})};
    }
}

void ResultsPublisher::run() {
    std::unique_lock lock{mutex_};
    while (true) {
        changed_.wait(lock, [this] { return stopping_ || waiting_; });
        if (stopping_) {
            return;
        }
        const results::Snapshot snapshot = std::move(*waiting_);
        waiting_.reset();
        writing_ = true;
        lock.unlock();
        const double began = steady_clock();
        std::string failure;
        try {
            write(snapshot);
        } catch (const std::exception& error) {
            failure = error.what();
        }
        lock.lock();
        writing_ = false;
        last_duration_ = steady_clock() - began;
        failure_ = std::move(failure);
        changed_.notify_all();
    }
}

}  // namespace hpogrid::cluster
