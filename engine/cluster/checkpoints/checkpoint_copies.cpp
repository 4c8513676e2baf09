#include "engine/cluster/checkpoints/checkpoint_copies.hpp"

#include "engine/core/bytes.hpp"
#include "engine/core/error.hpp"
#include "engine/core/wall_clock.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <iterator>
#include <span>
#include <string>
#include <thread>

namespace hpogrid::cluster {
namespace {

using kernels::Collectives;
using kernels::Transfer;
using trials::NativeCheckpoint;
using trials::TrialOrder;

std::string name_of(const TrialOrder& order) {
    return order.checkpoint.filename().string();
}

/// \param given null: it is in memory no more
std::vector<std::byte> header_of(std::uint64_t number, const NativeCheckpoint* given) {
    static const NativeCheckpoint nothing;
    const NativeCheckpoint& content = given != nullptr ? *given : nothing;
    ByteWriter writer;
    writer.u64(number);
    writer.u8(given != nullptr ? 1 : 0);
    writer.u32(content.trial.value);
    writer.i64(content.iteration);
    writer.f64(content.time_total);
    writer.u8(content.best_objective ? 1 : 0);
    writer.f64(content.best_objective.value_or(0));
    writer.u64(content.state.size());
    return writer.take();
}

/// With room for its state; null if the giver has nothing. Throws FormatError for a header of another copy.
std::shared_ptr<NativeCheckpoint> from_header(std::span<const std::byte> bytes, std::uint64_t number) {
    ByteReader reader{bytes};
    if (reader.u64() != number) {
        throw FormatError{"the header of another copy"};
    }
    if (reader.u8() == 0) {
        return nullptr;
    }
    auto coming = std::make_shared<NativeCheckpoint>();
    coming->trial = TrialId{reader.u32()};
    coming->iteration = static_cast<int>(reader.i64());
    coming->time_total = reader.f64();
    const bool has_best = reader.u8() != 0;
    const double best = reader.f64();
    coming->best_objective = has_best ? std::optional{best} : std::nullopt;
    coming->state.resize(reader.u64());
    return coming;
}

}  // namespace

CheckpointCopies::CheckpointCopies(Collectives& group, std::vector<int> ranks, trials::RecentCheckpoints& recent,
                                   Options options)
    : group_{group}, ranks_{std::move(ranks)}, recent_{recent}, options_{options} {}

CheckpointCopies::~CheckpointCopies() {
    if (phase_ != Phase::waits) {
        group_.abort();
    }
}

void CheckpointCopies::take(const CopyCheckpoint& command) {
    const auto member = [this](std::uint32_t rank) {
        return static_cast<int>(std::ranges::find(ranks_, static_cast<int>(rank)) - ranks_.begin());
    };
    const int from = member(command.from);
    const int to = member(command.to);
    const bool concerns = from != to && (from == group_.rank() || to == group_.rank());
    if (failed_ || !concerns || std::max(from, to) >= group_.size()) {
        return;
    }
    const bool gives = from == group_.rank();
    copies_.push_back({command, gives ? to : from, gives});
}

void CheckpointCopies::take(TrialOrder order) {
    const bool comes = !order.checkpoint.empty() && std::ranges::any_of(copies_, [&](const Copy& copy) {
        return !copy.gives && copy.command.name == name_of(order);
    });
    if (comes) {
        waiting_.push_back(std::move(order));
        return;
    }
    if (!order.checkpoint.empty()) {
        order.state = recent_.find(name_of(order));
    }
    released_.push_back(std::move(order));
}

std::optional<TrialOrder> CheckpointCopies::withdraw(TrialId trial, std::uint32_t attempt) {
    const auto found = std::ranges::find_if(
        waiting_, [&](const TrialOrder& order) { return order.trial == trial && order.attempt == attempt; });
    if (found == waiting_.end()) {
        return std::nullopt;
    }
    TrialOrder order = std::move(*found);
    waiting_.erase(found);
    return order;
}

bool CheckpointCopies::advance() {
    // Also while there is nothing to do: others may have asked, and what came too late must be taken from the
    // transport.
    const Transfer state = group_.advance();
    if (failed_ || copies_.empty()) {
        return false;
    }
    try {
        if (state == Transfer::failed || (phase_ != Phase::waits && steady_clock() > deadline_)) {
            give_up();
        } else if (state == Transfer::done) {
            follow(copies_.front());
        }
    } catch (const std::exception&) {
        // Not what was to come, no memory for it, or a device that refuses.
        give_up();
    }
    return !copies_.empty();
}

void CheckpointCopies::follow(const Copy& copy) {
    switch (phase_) {
        case Phase::waits:
            begin_header(copy);
            return;
        case Phase::header:
            begin_state(copy);
            return;
        case Phase::state:
            end_copy(std::move(coming_));
            return;
    }
}

void CheckpointCopies::begin_header(const Copy& copy) {
    if (copy.gives) {
        given_ = recent_.find(copy.command.name);
        std::ranges::copy(header_of(copy.command.number, given_.get()), header_.begin());
    }
    phase_ = Phase::header;
    exchange(copy, header_, header_);
}

void CheckpointCopies::begin_state(const Copy& copy) {
    if (!copy.gives) {
        coming_ = from_header(header_, copy.command.number);
    }
    if (!given_ && !coming_) {
        end_copy(nullptr);
        return;
    }
    phase_ = Phase::state;
    exchange(copy, given_ ? std::span{given_->state} : std::span<const std::byte>{},
             coming_ ? std::span{coming_->state} : std::span<std::byte>{});
}

void CheckpointCopies::exchange(const Copy& copy, std::span<const std::byte> given, std::span<std::byte> taken) {
    deadline_ = steady_clock() + options_.patience;
    if (copy.gives) {
        group_.exchange(std::array{Collectives::Send{copy.partner, given}}, {});
    } else {
        group_.exchange({}, std::array{Collectives::Receive{copy.partner, taken}});
    }
}

void CheckpointCopies::end_copy(std::shared_ptr<const NativeCheckpoint> state) {
    const Copy copy = std::move(copies_.front());
    copies_.pop_front();
    phase_ = Phase::waits;
    given_.reset();
    coming_.reset();
    if (copy.gives) {
        return;
    }
    if (state) {
        ++taken_;
        recent_.keep(copy.command.name, state);
    }
    const auto others = std::ranges::stable_partition(
        waiting_, [&](const TrialOrder& order) { return name_of(order) != copy.command.name; });
    for (TrialOrder& order : others) {
        order.state = state;
        released_.push_back(std::move(order));
    }
    waiting_.erase(others.begin(), others.end());
}

void CheckpointCopies::finish() {
    copies_.erase(copies_.begin() + (phase_ == Phase::waits ? 0 : 1), copies_.end());
    const double end = steady_clock() + options_.farewell;
    while (advance() && steady_clock() < end) {
        std::this_thread::sleep_for(std::chrono::microseconds{100});
    }
}

void CheckpointCopies::give_up() {
    failed_ = true;
    group_.abort();
    copies_.clear();
    given_.reset();
    coming_.reset();
    phase_ = Phase::waits;
    std::ranges::move(waiting_, std::back_inserter(released_));
    waiting_.clear();
}

}  // namespace hpogrid::cluster
