#include "engine/cluster/liveness.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <utility>

namespace hpogrid::cluster {

void Liveness::joined(WorkerId worker, double now, std::optional<pid_t> process) {
    Member member{now, std::nullopt};
    if (process) {
        member.process.emplace(*process);
    }
    members_.insert_or_assign(worker, std::move(member));
}

void Liveness::heard_from(WorkerId worker, double now) {
    if (const auto found = members_.find(worker); found != members_.end()) {
        found->second.last_heard = now;
    }
}

void Liveness::left(WorkerId worker) {
    members_.erase(worker);
}

std::vector<Liveness::Death> Liveness::deaths(double now) {
    std::vector<Death> dead;
    for (const auto& [worker, member] : members_) {
        if (member.process && member.process->ended()) {
            dead.push_back({worker, fmt::format("the process of rank {} ended", worker.value), true});
        } else if (now - member.last_heard > silence_) {
            dead.push_back(
                {worker, fmt::format("rank {} has been silent for {:.0f} s", worker.value, silence_), false});
        }
    }
    for (const Death& death : dead) {
        members_.erase(death.worker);
    }
    return dead;
}

void Liveness::add_descriptors(std::vector<pollfd>& descriptors) const {
    for (const auto& [worker, member] : members_) {
        if (member.process && member.process->descriptor() >= 0) {
            descriptors.push_back({member.process->descriptor(), POLLIN, 0});
        }
    }
}

}  // namespace hpogrid::cluster
