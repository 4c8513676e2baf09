#include "engine/cluster/suggester.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <exception>
#include <system_error>
#include <utility>

namespace hpogrid::cluster {

using optimizers::Observation;
using optimizers::Suggestion;

Suggester::Suggester(std::unique_ptr<optimizers::Optimizer> optimizer)
    : optimizer_{std::move(optimizer)}, ready_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
    if (ready_ < 0) {
        throw std::system_error{errno, std::generic_category(), "eventfd"};
    }
    thread_ = std::thread{[this] { run(); }};
}

Suggester::~Suggester() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    work_.notify_one();
    thread_.join();
    ::close(ready_);
}

void Suggester::ask(std::size_t count) {
    {
        const std::lock_guard lock{mutex_};
        asked_ += count;
    }
    work_.notify_one();
}

void Suggester::tell(Observation observation) {
    {
        const std::lock_guard lock{mutex_};
        tells_.push_back(std::move(observation));
    }
    work_.notify_one();
}

std::vector<study::Event> Suggester::collect() {
    const std::lock_guard lock{mutex_};
    std::uint64_t ignored = 0;
    [[maybe_unused]] const auto cleared = ::read(ready_, &ignored, sizeof ignored);
    return std::exchange(computed_, {});
}

std::optional<std::string> Suggester::failure() const {
    const std::lock_guard lock{mutex_};
    return failure_;
}

void Suggester::run() {
    std::unique_lock lock{mutex_};
    while (!stopping_) {
        if (!carry_out_next(lock)) {
            work_.wait(lock);
        }
    }
}

bool Suggester::carry_out_next(std::unique_lock<std::mutex>& lock) {
    if (failure_) {
        return false;
    }
    try {
        if (!tells_.empty()) {
            const auto tells = std::exchange(tells_, {});
            std::size_t confirmed = 0;
            lock.unlock();
            for (const Observation& observation : tells) {
                confirmed += observation.kind == Observation::Kind::pending ? 1 : 0;
                optimizer_->tell(observation);
            }
            lock.lock();
            unconfirmed_ -= std::min(confirmed, unconfirmed_);
            return true;
        }
        if (asked_ > 0 && unconfirmed_ == 0 && !exhausted_) {
            const std::size_t count = std::exchange(asked_, 0);
            lock.unlock();
            auto suggestions = optimizer_->ask(count);
            lock.lock();
            deliver(std::move(suggestions), count);
            return true;
        }
    } catch (const std::exception& error) {
        if (!lock.owns_lock()) {
            lock.lock();
        }
        failure_ = error.what();
        deliver({}, 1);
    }
    return false;
}

void Suggester::deliver(std::vector<Suggestion> suggestions, std::size_t asked) {
    unconfirmed_ = suggestions.size();
    for (Suggestion& suggestion : suggestions) {
        computed_.emplace_back(study::Suggested{std::move(suggestion.point), std::move(suggestion.origin)});
    }
    if (suggestions.size() < asked) {
        exhausted_ = true;
        computed_.emplace_back(study::SuggestionsExhausted{});
    }
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(ready_, &one, sizeof one);
}

}  // namespace hpogrid::cluster
