#include "engine/trials/native/native_session.hpp"

#include "engine/core/wall_clock.hpp"
#include "engine/trials/native/native_check.hpp"
#include "engine/trials/native/native_models.hpp"
#include "engine/trials/native/recent_checkpoints.hpp"

#include <algorithm>
#include <exception>

namespace hpogrid::trials {

NativeSession::NativeSession(const Native& spec, const Surroundings& surroundings)
    : surroundings_{surroundings},
      model_{make_native_model(spec, surroundings)},
      slots_(std::max(1U, surroundings.slots)) {
    check_model(spec, *model_, surroundings.metric);
}

void NativeSession::start(TrialOrder order) {
    if (!order.state && !order.checkpoint.empty() && surroundings_.recent_checkpoints) {
        order.state = surroundings_.recent_checkpoints->find(order.checkpoint.filename().native());
    }
    waiting_.push(std::move(order));
}

void NativeSession::stop(TrialId trial, std::uint32_t attempt, StopCause cause, std::vector<TrialNews>& news) {
    if (Slot* const slot = find(trial, attempt)) {
        (*slot)->request_stop(cause);
        empty_if_over(*slot, news);
    } else {
        waiting_.stop(trial, attempt, cause, news);
    }
}

void NativeSession::proceed(TrialId trial, std::uint32_t attempt, double milestone) {
    if (Slot* const slot = find(trial, attempt)) {
        (*slot)->proceed(milestone);
    }
}

void NativeSession::leave(TrialId trial, std::uint32_t attempt, std::vector<TrialNews>& news) {
    if (Slot* const slot = find(trial, attempt)) {
        (*slot)->leave();
        empty_if_over(*slot, news);
    }
}

bool NativeSession::busy() const {
    return std::ranges::any_of(slots_, [this](const Slot& slot) { return slot ? slot->trains() : !waiting_.empty(); });
}

void NativeSession::train(std::vector<TrialNews>& news) {
    fill_slots(news);
    std::vector<NativeTrial*> trials;
    std::vector<SlotId> places;
    for (const Slot& slot : slots_) {
        if (slot && slot->trains()) {
            trials.push_back(slot.get());
            places.push_back(slot->slot());
        }
    }
    std::vector<TrainingProgress> progress = model_->train(places);
    for (std::size_t i = 0; i < trials.size(); ++i) {
        trials[i]->take(std::move(progress[i]), news);
    }
    for (Slot& slot : slots_) {
        if (slot) {
            empty_if_over(slot, news);
        }
    }
}

void NativeSession::fill_slots(std::vector<TrialNews>& news) {
    for (std::uint32_t i = 0; i < slots_.size(); ++i) {
        while (!slots_[i] && !waiting_.empty()) {
            slots_[i] = begin(SlotId{i}, std::move(*waiting_.pop()), news);
        }
    }
}

NativeSession::Slot NativeSession::begin(SlotId slot, TrialOrder order, std::vector<TrialNews>& news) {
    const TrialId trial = order.trial;
    const std::uint32_t attempt = order.attempt;
    news.emplace_back(AttemptStarted{trial, attempt, slot, wall_clock()});
    try {
        return std::make_unique<NativeTrial>(surroundings_, *model_, slot, std::move(order));
    } catch (const std::exception& error) {
        news.emplace_back(AttemptEnded{trial, attempt, study::Outcome::failed, error.what(), {}, wall_clock()});
        return nullptr;
    }
}

NativeSession::Slot* NativeSession::find(TrialId trial, std::uint32_t attempt) {
    const auto found =
        std::ranges::find_if(slots_, [&](const Slot& slot) { return slot && is_for(slot->order(), trial, attempt); });
    return found == slots_.end() ? nullptr : &*found;
}

void NativeSession::empty_if_over(Slot& slot, std::vector<TrialNews>& news) {
    if (slot->ends(news)) {
        slot.reset();
    }
}

}  // namespace hpogrid::trials
