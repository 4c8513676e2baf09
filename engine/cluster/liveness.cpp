#include "engine/cluster/liveness.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <utility>

namespace hpogrid::cluster {
namespace {

bool ended(const std::optional<ProcessWatch>& process) {
    return process && process->ended();
}

std::string end_of(WorkerId worker) {
    return fmt::format("the process of rank {} ended", worker.value);
}

}  // namespace

void Liveness::joined(WorkerId worker, double now, std::optional<pid_t> process) {
    Member member{now, std::nullopt};
    if (process) {
        member.process.emplace(*process);
    }
    members_.insert_or_assign(worker, std::move(member));
    absent_.erase(worker);
}

bool Liveness::heard_from(WorkerId worker, double now) {
    if (const auto found = members_.find(worker); found != members_.end()) {
        found->second.last_heard = now;
    }
    const auto found = absent_.find(worker);
    return found != absent_.end() && !std::exchange(found->second.heard_again, true);
}

void Liveness::left(WorkerId worker) {
    members_.erase(worker);
    absent_.erase(worker);
}

std::vector<Liveness::Death> Liveness::deaths(double now) {
    std::vector<Death> dead;
    for (const auto& [worker, gone] : absent_) {
        if (ended(gone.process)) {
            dead.push_back({worker, end_of(worker), true, true});
        }
    }
    for (auto& [worker, member] : members_) {
        if (ended(member.process)) {
            dead.push_back({worker, end_of(worker), true, false});
        } else if (now - member.last_heard > silence_) {
            dead.push_back(
                {worker, fmt::format("rank {} has been silent for {:.0f} s", worker.value, silence_), false, false});
        }
    }
    for (const Death& death : dead) {
        if (death.certain) {
            left(death.worker);
        } else {
            auto silent = members_.extract(death.worker);
            absent_.insert_or_assign(death.worker, Absent{now, false, std::move(silent.mapped().process)});
        }
    }
    return dead;
}

bool Liveness::any_absent_since(double time) const {
    return std::ranges::any_of(absent_, [&](const auto& entry) { return entry.second.since > time; });
}

void Liveness::add_descriptors(std::vector<pollfd>& descriptors) const {
    const auto add = [&](const std::optional<ProcessWatch>& process) {
        if (process && process->descriptor() >= 0) {
            descriptors.push_back({process->descriptor(), POLLIN, 0});
        }
    };
    for (const auto& [worker, member] : members_) {
        add(member.process);
    }
    for (const auto& [worker, gone] : absent_) {
        add(gone.process);
    }
}

}  // namespace hpogrid::cluster
