#pragma once

#include "engine/cluster/awake_clock.hpp"
#include "engine/cluster/checkpoints/checkpoint_folder.hpp"
#include "engine/cluster/checkpoints/copy_matcher.hpp"
#include "engine/cluster/liveness.hpp"
#include "engine/cluster/message.hpp"
#include "engine/cluster/order_maker.hpp"
#include "engine/cluster/stop_signals.hpp"
#include "engine/cluster/suggester.hpp"
#include "engine/cluster/time_budget.hpp"
#include "engine/cluster/transport.hpp"
#include "engine/results/journal.hpp"
#include "engine/study/study.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace hpogrid::cluster {

/// What wants to know of every event that was journaled and applied: results, progress.
class StudyObserver {
  public:
    StudyObserver() = default;
    StudyObserver(const StudyObserver&) = delete;
    StudyObserver& operator=(const StudyObserver&) = delete;
    virtual ~StudyObserver() = default;

    virtual void on_event(const study::Event& event, const study::Study& study) = 0;
    /// Called once a turn of the loop, at least every 50 ms.
    virtual void on_turn(const study::Study& study) = 0;
};

/// How the controller's loop ended.
enum class ControllerEnd {
    finished,           ///< every trial has ended and none will follow
    stopped,            ///< a signal, the time budget
    no_workers_left,    ///< all ranks died: to be continued with --resume
    none_can_evaluate,  ///< all workers gave up before any trial had started, see Controller::hindrance()
};

/// What happened to ranks on the way, the worst of it: it decides how MPI can be left.
enum class LostRanks {
    none,
    dead,    ///< all that were lost have ended
    silent,  ///< one may still be there
};

/// The loop of rank 0: turns messages, suggestions, signals and the clock into events; journals them; applies them to
/// the study; carries out what the study wants. In this order, so that nothing is acted on or acknowledged that a
/// restart would not know.
class Controller {
  public:
    struct Options {
        double time_budget{0};  ///< seconds from the start of run(), 0 = none; see TimeBudget
        /// Seconds that running trials have after SIGTERM or SIGINT to save themselves, and then until they must have
        /// ended. Together below the 3 s after which PanDA kills; where there is more time, --grace says so.
        double signal_grace{0.5};
        double signal_kill_allowance{1.0};
        /// Seconds without a sign of life after which a worker is given up and its trials are queued again. Should it
        /// be heard of later, it is told to start afresh.
        double worker_silence{60};
        double return_timeout{300};    ///< seconds that are waited for such a worker while there is no other
        double join_timeout{120};      ///< seconds within which the first worker must have joined
        double heartbeat_interval{1};  ///< seconds between signs of life to the workers
    };

    struct Parts {
        Transport& transport;
        study::Study& study;
        results::Journal& journal;
        Suggester& suggester;
        StopSignals& signals;
        const OrderMaker& make_order;
        CheckpointFolder& checkpoints;
        std::vector<std::byte> worker_settings;  ///< encoded, for a worker that starts afresh
        std::vector<StudyObserver*> observers;
    };

    Controller(Parts parts, Options options);

    /// Lets the study make events of its own before the first turn: user's points, a resume.
    void inject(study::Event event) { events_.push_back(std::move(event)); }

    /// Returns when the study has ended; the workers wait for their dismissal then.
    [[nodiscard]] ControllerEnd run();
    [[nodiscard]] LostRanks lost_ranks() const noexcept;
    /// Why the first worker that gave up did so; empty if none did.
    [[nodiscard]] const std::string& hindrance() const noexcept { return hindrance_; }
    /// Why the optimiser gave up, if it did.
    [[nodiscard]] std::optional<std::string> optimizer_failure() const { return parts_.suggester.failure(); }

  private:
    void gather_messages();
    void handle(Message message, WorkerId worker);
    void take_in(std::vector<study::Event> reported, WorkerId worker);
    /// Of a worker whose messages are of no use, or who is dead.
    void give_up(WorkerId worker, std::string reason);
    void lose(WorkerId worker, std::string reason);
    /// Of a worker that said goodbye: it still listens, for its dismissal.
    void let_go(WorkerId worker, std::string reason);
    void gather_deaths();
    void gather_signals(double now);
    void keep_time_budget(double now);
    void request_stop(study::StopReason reason, double cancel_at, double give_up_at);
    void commit_and_apply();
    void perform(std::vector<study::Action>& actions);
    /// Has the checkpoint that a trial goes on from come out of another worker's memory, if it can.
    void send_copy(const study::StartTrial& start);
    void remove_checkpoint(const study::Checkpoint& checkpoint);
    /// Answers whether there were any.
    bool send_checkpoint_replies();
    void send_stop(WorkerId worker, TrialId trial, trials::StopCause cause);
    void cancel_running();
    void give_up_running();
    void send_heartbeats(double now);
    void wait();
    [[nodiscard]] std::optional<ControllerEnd> end(double now);

    Parts parts_;
    Options options_;
    Liveness liveness_;
    AwakeClock awake_;  ///< by which the silence of workers is told
    double awake_now_{0.0};
    TimeBudget budget_;
    Ticker clock_;    ///< when the study is told the time
    Ticker lookout_;  ///< when is looked for trials that run out of time
    std::vector<study::Event> events_;
    std::map<WorkerId, std::uint32_t> to_acknowledge_;
    std::set<WorkerId> distant_;  ///< workers that do not see the folder of checkpoints
    CopyMatcher copies_;
    double start_{0.0};
    double last_heartbeat_{0.0};
    double last_active_{0.0};
    std::set<std::pair<TrialId, std::uint32_t>> leaving_;  ///< attempts that were told to save themselves and end
    std::optional<double> cancel_at_;                      ///< when running trials are cancelled
    std::optional<double> give_up_at_;                     ///< when the loop ends even if they have not ended
    bool finished_{false};
    bool stop_requested_{false};
    bool any_joined_{false};
    bool any_started_{false};  ///< a trial, in this run
    std::string hindrance_;
    bool any_died_{false};
    bool any_malformed_{false};
    std::size_t lost_{0};
};

}  // namespace hpogrid::cluster
