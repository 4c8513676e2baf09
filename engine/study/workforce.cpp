#include "engine/study/workforce.hpp"

#include <algorithm>

namespace hpogrid::study {

long Workforce::surplus(const Worker& worker) noexcept {
    return static_cast<long>(worker.assigned.size() + worker.running.size()) - static_cast<long>(worker.slots);
}

Worker* Workforce::find_alive(WorkerId id) {
    const auto found = index_.find(id);
    return found != index_.end() && workers_[found->second].alive ? &workers_[found->second] : nullptr;
}

bool Workforce::is_alive(WorkerId id) const {
    const auto found = index_.find(id);
    return found != index_.end() && workers_[found->second].alive;
}

template <class Change>
void Workforce::change(WorkerId id, Change change) {
    Worker* worker = find_alive(id);
    if (worker == nullptr) {
        return;
    }
    const auto load = [&] { return worker->assigned.size() + worker->running.size(); };
    by_surplus_.erase({surplus(*worker), id});
    occupied_ -= load();
    change(*worker);
    occupied_ += load();
    by_surplus_.insert({surplus(*worker), id});
}

void Workforce::join(WorkerId id, std::uint32_t slots, std::string host, std::string gpu) {
    Worker fresh{id, std::max(1U, slots), std::move(host), std::move(gpu), true, {}, {}};
    slots_ += fresh.slots;
    by_surplus_.insert({surplus(fresh), id});
    const auto [position, inserted] = index_.try_emplace(id, workers_.size());
    if (inserted) {
        workers_.push_back(std::move(fresh));
    } else {
        workers_[position->second] = std::move(fresh);
    }
}

Workforce::Orphans Workforce::lose(WorkerId id) {
    Worker* worker = find_alive(id);
    if (worker == nullptr) {
        return {};
    }
    by_surplus_.erase({surplus(*worker), id});
    slots_ -= worker->slots;
    occupied_ -= worker->assigned.size() + worker->running.size();
    worker->alive = false;
    return {std::exchange(worker->assigned, {}), std::exchange(worker->running, {})};
}

void Workforce::lose_all() {
    for (const Worker& worker : workers_) {
        static_cast<void>(lose(worker.id));
    }
}

void Workforce::assign(WorkerId id, TrialId trial) {
    change(id, [&](Worker& worker) { worker.assigned.push_back(trial); });
}

void Workforce::unassign(WorkerId id, TrialId trial) {
    change(id, [&](Worker& worker) { std::erase(worker.assigned, trial); });
}

void Workforce::start(WorkerId id, TrialId trial) {
    change(id, [&](Worker& worker) {
        std::erase(worker.assigned, trial);
        worker.running.push_back(trial);
    });
}

void Workforce::end(WorkerId id, TrialId trial) {
    change(id, [&](Worker& worker) { std::erase(worker.running, trial); });
}

void Workforce::unassign_all() {
    for (const Worker& worker : workers_) {
        if (!worker.assigned.empty()) {
            change(worker.id, [](Worker& busy) { busy.assigned.clear(); });
        }
    }
}

std::optional<Workforce::Candidate> Workforce::least_busy() const {
    if (by_surplus_.empty()) {
        return std::nullopt;
    }
    const auto& [surplus, worker] = *by_surplus_.begin();
    return Candidate{worker, surplus};
}

}  // namespace hpogrid::study
