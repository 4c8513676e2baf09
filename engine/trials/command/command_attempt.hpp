#pragma once

#include "engine/trials/attempt_watch.hpp"
#include "engine/trials/command/command_arguments.hpp"
#include "engine/trials/command/json_lines.hpp"
#include "engine/trials/evaluator.hpp"
#include "engine/trials/evaluator_spec.hpp"
#include "engine/trials/oom_counter.hpp"
#include "engine/trials/process/child_process.hpp"
#include "engine/trials/process/output_pipe.hpp"
#include "engine/trials/process/process_tree.hpp"
#include "engine/trials/report_book.hpp"
#include "engine/trials/trial_environment.hpp"
#include "engine/trials/trial_log.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hpogrid::trials {

/// What all attempts of a command share.
struct CommandPlan {
    Command command;
    std::filesystem::path program;
    CommandArguments arguments;
    Surroundings surroundings;
    Environment inherited;
    OomCounter oom_counter;
};

/// One attempt of a trial in a process of its own.
class CommandAttempt {
  public:
    /// Starts it, and appends AttemptStarted. A program that cannot be started makes an attempt that ends at the first
    /// advance().
    CommandAttempt(const CommandPlan& plan, ProcessTree& tree, SlotId slot, TrialOrder order,
                   std::vector<TrialNews>& news);
    CommandAttempt(const CommandAttempt&) = delete;
    CommandAttempt& operator=(const CommandAttempt&) = delete;
    ~CommandAttempt();

    [[nodiscard]] const TrialOrder& order() const noexcept { return order_; }
    void request_stop(StopCause cause) noexcept { watch_.request_stop(cause); }
    void add_descriptors(std::vector<pollfd>& descriptors) const;
    /// True when the attempt has ended, nothing of it is left, and AttemptEnded was appended.
    [[nodiscard]] bool advance(std::vector<TrialNews>& news);

  private:
    void launch();
    void prepare_folder();
    void read_output(std::vector<TrialNews>& news);
    void take_line(std::string_view line, std::vector<TrialNews>& news);
    void take_report(const ReportMessage& message, std::vector<TrialNews>& news);
    void read_result_file(std::vector<TrialNews>& news);
    void keep_limits();
    [[nodiscard]] bool is_over();
    void conclude(std::vector<TrialNews>& news);

    const CommandPlan& plan_;
    ProcessTree& tree_;
    TrialOrder order_;
    SlotId slot_;
    std::filesystem::path folder_;
    std::string token_;
    TrialLog log_;
    ReportBook reports_;
    AttemptWatch watch_;
    OutputPipe output_;
    OutputPipe errors_;
    JsonLines lines_;
    std::optional<ChildProcess> process_;
    std::optional<ChildExit> exit_;
    std::optional<AttemptWatch::Time> ending_since_;
    std::optional<ErrorMessage> error_;  ///< of our own: could not be started, no result file
    std::optional<std::uint64_t> oom_before_;
};

}  // namespace hpogrid::trials
