#pragma once

#include "engine/cluster/awake_clock.hpp"
#include "engine/cluster/checkpoints/checkpoint_copies.hpp"
#include "engine/cluster/checkpoints/checkpoint_courier.hpp"
#include "engine/cluster/message.hpp"
#include "engine/cluster/process_watch.hpp"
#include "engine/cluster/transport.hpp"
#include "engine/core/ids.hpp"
#include "engine/study/event.hpp"
#include "engine/trials/evaluator.hpp"

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <vector>

namespace hpogrid::cluster {

/// Why a worker's loop ended.
enum class WorkerEnd {
    dismissed,               ///< the controller said so
    dismissed_after_deaths,  ///< and a rank has died, so MPI must not be left in the ordinary way
    called_back,             ///< the controller had given it up: it is to start afresh, with no trial
    controller_died,         ///< nothing can be reported any more
    controller_silent,       ///< nor then, and it may still be there
};

/// The worker is of no use, whatever the trial; the text says why.
class CannotEvaluate : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The loop of an evaluating rank: takes orders from the controller, runs them in its evaluator, and reports what
/// happens.
///
/// Flow control: at most `window` events are under way to the controller without its acknowledgement. Beyond that the
/// evaluator is not asked for news, so that a script which reports without end is slowed down by its own full pipe.
class Worker {
  public:
    struct Options {
        double heartbeat_interval{1.0};    ///< seconds between signs of life when there is nothing to say
        double controller_silence{120.0};  ///< seconds without a message after which the controller counts as dead
        std::size_t window{4096};          ///< events
        const ProcessWatch* controller{nullptr};  ///< on its process, if it runs on this machine
        CheckpointCourier* courier{nullptr};      ///< where the controller's folder of checkpoints is not seen
        CheckpointCopies* copies{nullptr};        ///< where native checkpoints come out of others' memory
    };

    Worker(Transport& transport, trials::Evaluator& evaluator, Options options);

    /// What a dismissal means for the end.
    [[nodiscard]] static WorkerEnd end_of(const Shutdown& dismissal) noexcept {
        return dismissal.ranks_died ? WorkerEnd::dismissed_after_deaths : WorkerEnd::dismissed;
    }

    /// Runs until dismissed. What still runs then is killed with the evaluator. Throws CannotEvaluate when the
    /// evaluator says so; the worker should tell the controller and wait for its dismissal then.
    [[nodiscard]] WorkerEnd run();

  private:
    /// Both answer whether there was anything to do.
    bool receive_orders();
    bool forward_news();
    void take(trials::TrialOrder order);
    /// An order whose checkpoint is a file.
    void pass_on(trials::TrialOrder order);
    void start(trials::TrialOrder order);
    void stop(const Stop& stop);
    /// What the courier has let go. Answers whether there was any.
    bool follow_courier();
    /// What copies have let go. Answers whether one is under way.
    bool follow_copies();
    void report(std::vector<study::Event> events);
    void keep_in_touch();
    void wait();
    [[nodiscard]] std::optional<WorkerEnd> loss_of_controller() const;

    Transport& transport_;
    trials::Evaluator& evaluator_;
    Options options_;
    WorkerId self_;
    std::vector<trials::TrialNews> news_;
    std::vector<trials::TrialNews> released_;  ///< by the courier
    std::size_t unacknowledged_{0};
    double last_sent_{0.0};
    AwakeClock awake_;  ///< by which the silence of the controller is told
    double awake_now_{0.0};
    double last_heard_{0.0};
    double last_active_{0.0};
    bool told_end_of_copying_{false};
    bool called_back_{false};
    std::optional<Shutdown> dismissal_;
};

}  // namespace hpogrid::cluster
