// Memory and time that a study costs for each trial: drives the Study with the events of a perfect cluster.
// usage: bench_study_memory <trials>

#include "engine/schedulers/registry.hpp"
#include "engine/study/study.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <deque>
#include <nlohmann/json.hpp>
#include <string>
#include <variant>
#include <vector>

namespace {

using namespace hpogrid;
using namespace hpogrid::study;

constexpr std::uint32_t workers = 64;

double resident_bytes() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) * 1024.0;
}

Study make_study(std::size_t trials) {
    const auto no_parameters = nlohmann::json::object();
    Settings settings;
    settings.metric = "loss";
    settings.mode = Mode::minimize;
    settings.num_trials = trials;
    settings.lookahead = 1024;
    return {std::move(settings), schedulers::make_scheduler("none", {no_parameters, 1})};
}

/// Turns every action into the events that a perfect worker would answer with.
class PerfectCluster {
  public:
    explicit PerfectCluster(Study& study) : study_{study} {
        for (std::uint32_t worker = 0; worker < workers; ++worker) {
            apply(WorkerJoined{WorkerId{worker}, 1, "node", "", 0.0});
        }
    }

    void run() {
        while (!pending_.empty()) {
            const Action action = std::move(pending_.front());
            pending_.pop_front();
            if (const auto* ask = std::get_if<AskOptimizer>(&action)) {
                for (std::size_t i = 0; i < ask->count; ++i) {
                    apply(Suggested{{space::Value{0.5}, space::Value{1e-3}, space::Value{std::int64_t{3}}}, "random"});
                }
            } else if (const auto* start = std::get_if<StartTrial>(&action)) {
                evaluate(*start);
            }
        }
    }

    std::size_t events{0};

  private:
    void evaluate(const StartTrial& start) {
        time_ += 1.0;
        apply(TrialStarted{start.trial, start.attempt, start.worker, SlotId{0}, time_});
        apply(TrialReported{start.trial, start.attempt, {1.0, time_, {{"loss", time_}, {"accuracy", 0.5}}}});
        apply(TrialEnded{start.trial, start.attempt, Outcome::completed, "", "", time_ + 1.0});
    }

    void apply(const Event& event) {
        ++events;
        std::vector<Action> actions;
        study_.apply(event, actions);
        pending_.insert(pending_.end(), std::make_move_iterator(actions.begin()),
                        std::make_move_iterator(actions.end()));
    }

    Study& study_;
    std::deque<Action> pending_;
    double time_{0.0};
};

}  // namespace

int main(int argument_count, char** arguments) {
    const std::size_t trials = argument_count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 1'000'000;
    const double before = resident_bytes();
    const auto began = std::chrono::steady_clock::now();
    Study study = make_study(trials);
    PerfectCluster cluster{study};
    cluster.run();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    if (!study.finished() || study.counts().completed != trials) {
        fmt::print(stderr, "the study did not finish: {} of {} trials\n", study.counts().completed, trials);
        return 1;
    }
    fmt::print("(f) memory a trial at {} simulated trials: {:.0f} bytes\n", trials,
               (resident_bytes() - before) / static_cast<double>(trials));
    fmt::print("(f) events a second through the study: {:.0f}\n", static_cast<double>(cluster.events) / seconds);
    return 0;
}
