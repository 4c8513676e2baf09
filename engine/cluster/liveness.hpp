#pragma once

#include "engine/cluster/process_watch.hpp"
#include "engine/core/ids.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

struct pollfd;

namespace hpogrid::cluster {

/// Which workers are alive, as the controller sees it: by the sign of life that every message is, and for workers on
/// its own machine by watching their process. One that was silent for too long is given up, yet may come back. Times
/// are steady seconds, given by the caller.
class Liveness {
  public:
    /// `silence`: seconds without a message after which a worker is given up.
    explicit Liveness(double silence) : silence_{silence} {}

    /// `process`: the worker's process id if it runs on this machine.
    void joined(WorkerId worker, double now, std::optional<pid_t> process);
    /// Answers whether this is the first that was heard of a worker since it was given up.
    [[nodiscard]] bool heard_from(WorkerId worker, double now);
    void left(WorkerId worker);

    struct Death {
        WorkerId worker;
        std::string reason;
        bool certain{false};   ///< its process has ended; otherwise it was silent for too long
        bool given_up{false};  ///< before, for its silence
    };
    /// The workers that died since the last call.
    [[nodiscard]] std::vector<Death> deaths(double now);

    [[nodiscard]] bool knows(WorkerId worker) const { return members_.contains(worker); }
    [[nodiscard]] std::size_t size() const noexcept { return members_.size(); }
    /// How many that were given up may still come back, as far as one knows.
    [[nodiscard]] std::size_t absent() const noexcept { return absent_.size(); }
    /// Whether one of them was given up after that time.
    [[nodiscard]] bool any_absent_since(double time) const;
    void add_descriptors(std::vector<pollfd>& descriptors) const;

  private:
    struct Member {
        double last_heard{0.0};
        std::optional<ProcessWatch> process;
    };
    struct Absent {
        double since{0.0};
        bool heard_again{false};
        std::optional<ProcessWatch> process;
    };
    double silence_;
    std::map<WorkerId, Member> members_;
    std::map<WorkerId, Absent> absent_;
};

}  // namespace hpogrid::cluster
