#pragma once

#include "engine/trials/attempt_watch.hpp"
#include "engine/trials/evaluator.hpp"
#include "engine/trials/oom_counter.hpp"
#include "engine/trials/process/child_process.hpp"
#include "engine/trials/process/process_tree.hpp"
#include "engine/trials/python/prepared_process.hpp"
#include "engine/trials/report_book.hpp"
#include "engine/trials/trial_log.hpp"

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

struct pollfd;

namespace hpogrid::trials {

/// One attempt of a trial in a process that the Python host has prepared.
///
/// The attempt *ends* when its process says so or dies; it is *gone* when nothing of it is left. A slot without a GPU
/// may take the next trial in between, while the old process is torn down. A process whose object can begin another
/// trial (Trainable.reset_config) stays instead, and the attempt is gone at once. An attempt that begins in such a
/// process goes on in a new one if the object refuses.
class PythonAttempt {
  public:
    /// Sends the order, and appends AttemptStarted.
    PythonAttempt(const Surroundings& surroundings, const OomCounter& oom_counter, PreparedProcess process, SlotId slot,
                  TrialOrder order, std::vector<TrialNews>& news);
    PythonAttempt(const PythonAttempt&) = delete;
    PythonAttempt& operator=(const PythonAttempt&) = delete;
    /// Kills what is left of it.
    ~PythonAttempt();

    [[nodiscard]] const TrialOrder& order() const noexcept { return order_; }
    [[nodiscard]] SlotId slot() const noexcept { return slot_; }
    [[nodiscard]] std::uint32_t number() const noexcept { return process_.number; }
    [[nodiscard]] pid_t process() const noexcept { return process_.process; }
    void add_descriptors(std::vector<pollfd>& descriptors) const;

    void proceed(double milestone) { process_.channel.send(proceed_line(milestone)); }
    void leave() { process_.channel.send(leave_line); }
    void request_stop(StopCause cause);
    /// What the host said of its process.
    void on_prepared(pid_t process) noexcept { process_.process = process; }
    void on_exit(ChildExit exit) noexcept;
    /// There never was, or is no more, a process; `why` is the trial's error, `end` that of the host it died with.
    void on_lost(const std::string& why, std::optional<ChildExit> end = {});

    /// Reads, keeps the limits, and appends what happened; AttemptEnded exactly once.
    void advance(ProcessTree& tree, std::vector<TrialNews>& news);
    [[nodiscard]] bool ended() const noexcept { return ended_; }
    [[nodiscard]] bool gone() const noexcept { return gone_; }

    /// Whether its process waits for the next trial. \pre gone()
    [[nodiscard]] bool keeps_process() const noexcept { return keeps_process_; }
    [[nodiscard]] PreparedProcess take_process() noexcept { return std::move(process_); }
    /// Whether the process that it was to begin in has refused and is gone.
    [[nodiscard]] bool wants_process() const noexcept { return wants_process_; }
    void begin_again(PreparedProcess process);

  private:
    /// Of its process or, where it died with it, of the host.
    struct Death {
        ChildExit exit;
        AttemptWatch::Time at;
    };

    void read(std::vector<TrialNews>& news);
    void read_output();
    void take(ProcessMessage message, std::vector<TrialNews>& news);
    void send_order();
    /// What a process says beyond the protocol of all trials: whether it can be used again.
    void take_offer(const std::string& line);
    void end_refusing_process(ProcessTree& tree);
    void keep_limits();
    void signal(int number) const noexcept;
    [[nodiscard]] bool may_be_judged() const noexcept;
    void conclude(std::vector<TrialNews>& news);

    const Surroundings& surroundings_;
    const OomCounter& oom_counter_;
    PreparedProcess process_;
    SlotId slot_;
    TrialOrder order_;
    TrialLog log_;
    ReportBook reports_;
    AttemptWatch watch_;
    std::optional<std::uint64_t> oom_before_;
    std::optional<ErrorMessage> error_;
    bool done_{false};
    bool lost_{false};
    std::optional<Death> death_;
    bool releasable_{false};
    bool stays_{false};  ///< it said so; the trial is over
    bool refuses_{false};
    bool wants_process_{false};
    bool keeps_process_{false};
    std::optional<AttemptWatch::Time> release_until_;  ///< then it is stopped by signals
    bool ended_{false};
    bool gone_{false};
    std::optional<AttemptWatch::Time> ended_at_;
};

}  // namespace hpogrid::trials
