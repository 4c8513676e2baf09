#pragma once

#include "engine/trials/attempt_watch.hpp"
#include "engine/trials/evaluator.hpp"
#include "engine/trials/evaluator_spec.hpp"
#include "engine/trials/oom_counter.hpp"
#include "engine/trials/process/child_process.hpp"
#include "engine/trials/process/output_pipe.hpp"
#include "engine/trials/process/process_tree.hpp"
#include "engine/trials/report_book.hpp"
#include "engine/trials/trial_channel.hpp"
#include "engine/trials/trial_environment.hpp"
#include "engine/trials/trial_log.hpp"

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hpogrid::trials {

/// What all slots of a plug-in share.
struct PluginPlan {
    Plugin plugin;
    std::filesystem::path host_program;
    Surroundings surroundings;  ///< with an absolute trials_folder
    Environment inherited;
    OomCounter oom_counter;
};

/// One host process and the orders that were sent to it. The first of them is running, the others were sent ahead.
class PluginSlot {
  public:
    /// Starts the host. `plan` and `tree` outlive this object.
    PluginSlot(const PluginPlan& plan, ProcessTree& tree, SlotId slot);
    PluginSlot(const PluginSlot&) = delete;
    PluginSlot& operator=(const PluginSlot&) = delete;
    ~PluginSlot();

    [[nodiscard]] bool idle() const noexcept { return sent_.empty(); }
    /// Whether it may take another order: an idle one may, a busy one as long as its trials are short.
    [[nodiscard]] bool has_room() const noexcept { return sent_.size() < depth_; }
    void take(TrialOrder order, std::vector<TrialNews>& news);
    /// True if the attempt is here.
    bool stop(TrialId trial, std::uint32_t attempt, StopCause cause, std::vector<TrialNews>& news);
    void add_descriptors(std::vector<pollfd>& descriptors) const;
    void advance(std::vector<TrialNews>& news);

  private:
    struct Sent {
        TrialOrder order;
        bool dropped{false};  ///< ended before its turn: the host is still to say so, nobody is told
    };

    /// The attempt at the front of sent_.
    struct Current {
        ReportBook reports;
        AttemptWatch watch;
        std::optional<TrialLog> log;  ///< made with the first output
        std::optional<ErrorMessage> error;
    };

    /// A host process with what connects it to the worker.
    struct Host {
        ChildProcess process;
        TrialChannel channel;
        OutputPipe output;
        std::string token;
        std::optional<std::uint64_t> oom_before;
        std::optional<ChildExit> exit;
        std::optional<AttemptWatch::Time> ending_since;
        bool ready{false};
        bool distrusted{false};  ///< it said what follows no format, and is being killed
        std::string fatal;       ///< why it could not load the plug-in
    };

    /// How the front of sent_ came to its end.
    struct End {
        bool done{false};
        std::optional<ChildExit> exit{};
        bool oom_killed{false};
    };

    void start_host();
    void send(const TrialOrder& order);
    void begin_front(std::vector<TrialNews>& news);
    void read_host(std::vector<TrialNews>& news);
    void read_output();
    /// Gives output that was read before `time` (steady clock, ns) to the front's log; 0 = all of it.
    void assign_output(std::int64_t time);
    void handle(ProcessMessage message, std::vector<TrialNews>& news);
    void handle_other(const std::string& line);
    void fail_front(std::string reason);
    void keep_limits();
    void bury_host(std::vector<TrialNews>& news);
    [[nodiscard]] bool host_is_gone();
    void explain_death();
    void conclude_front(const End& end, std::vector<TrialNews>& news);
    [[nodiscard]] std::filesystem::path folder(TrialId trial) const;

    const PluginPlan& plan_;
    ProcessTree& tree_;
    SlotId slot_;
    std::optional<Host> host_;
    std::string start_failure_;  ///< why the last host could not be started
    std::deque<Sent> sent_;
    std::optional<Current> current_;
    AttemptWatch::Time current_since_;
    std::size_t depth_{1};
    std::vector<ProcessMessage> messages_;  ///< scratch

    struct Output {
        std::int64_t seen_at{0};
        std::string text;
    };
    std::deque<Output> unassigned_;  ///< seen, but not yet known of which trial
};

}  // namespace hpogrid::trials
