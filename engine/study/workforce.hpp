#pragma once

#include "engine/core/ids.hpp"
#include "engine/study/worker.hpp"

#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hpogrid::study {

/// The workers of a study and how busy they are. Finding the least busy one takes O(log workers).
class Workforce {
  public:
    /// A worker of the same id that was there before is replaced by a fresh one.
    void join(WorkerId id, std::uint32_t slots, std::string host, std::string gpu);
    /// The worker is dead from now on. Answers the trials that it had.
    struct Orphans {
        std::vector<TrialId> assigned;
        std::vector<TrialId> running;
    };
    Orphans lose(WorkerId id);
    void lose_all();

    void assign(WorkerId id, TrialId trial);
    void unassign(WorkerId id, TrialId trial);
    void start(WorkerId id, TrialId trial);
    void end(WorkerId id, TrialId trial);
    /// Forgets every assignment that has not started.
    void unassign_all();

    [[nodiscard]] bool is_alive(WorkerId id) const;
    /// The worker with the fewest trials beyond its slots, and that number (negative while slots are free).
    struct Candidate {
        WorkerId worker;
        long surplus;
    };
    [[nodiscard]] std::optional<Candidate> least_busy() const;

    [[nodiscard]] std::size_t alive() const noexcept { return by_surplus_.size(); }
    [[nodiscard]] std::size_t slots() const noexcept { return slots_; }
    /// Trials that are assigned or running.
    [[nodiscard]] std::size_t occupied() const noexcept { return occupied_; }
    [[nodiscard]] std::span<const Worker> workers() const noexcept { return workers_; }

  private:
    Worker* find_alive(WorkerId id);
    template <class Change>
    void change(WorkerId id, Change change);
    static long surplus(const Worker& worker) noexcept;

    std::vector<Worker> workers_;
    std::unordered_map<WorkerId, std::size_t> index_;
    std::set<std::pair<long, WorkerId>> by_surplus_;
    std::size_t slots_{0};
    std::size_t occupied_{0};
};

}  // namespace hpogrid::study
