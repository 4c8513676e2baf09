#include "engine/program/narrator.hpp"

#include "engine/config/printable.hpp"
#include "engine/core/overloaded.hpp"
#include "engine/core/wall_clock.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <string_view>
#include <utility>
#include <variant>

namespace hpogrid::program {
namespace {

/// A script that always fails must not bury everything else.
constexpr std::size_t most_failures_told = 10;
constexpr std::size_t longest_gist = 1000;

/// Of a traceback the last line says what happened; of a sentence with quoted output the first one does.
std::string_view gist(std::string_view error) {
    while (error.ends_with('\n')) {
        error.remove_suffix(1);
    }
    return error.starts_with("Traceback") ? error.substr(error.rfind('\n') + 1) : error.substr(0, error.find('\n'));
}

}  // namespace

void Narrator::on_event(const study::Event& event, const study::Study& study) {
    std::visit(Overloaded{
                   [&](const study::WorkerJoined& joined) { tell_of_join(joined, study); },
                   [&](const study::WorkerLost& lost) { tell_of_loss(lost); },
                   [&](const study::TrialStarted& started) { tell_of_start(started); },
                   [&](const study::TrialEnded& ended) { tell_of_end(ended, study); },
                   [&](const study::CheckpointLost& lost) {
                       say(LogLevel::warning,
                           fmt::format("trial {} starts again from the beginning: {}", lost.trial.value, lost.reason));
                   },
                   [](const auto&) {},
               },
               event);
}

void Narrator::on_turn(const study::Study& study) {
    display_.update(study, {started_, wall_clock()});
}

void Narrator::tell_of_join(const study::WorkerJoined& joined, const study::Study& study) {
    tell_of_early_losses();
    if (lost_.erase(joined.worker) > 0) {
        say(LogLevel::warning, fmt::format("rank {} is back", joined.worker.value));
        return;
    }
    say(LogLevel::debug, fmt::format("rank {} on {} joined", joined.worker.value, joined.host));
    if (++joined_ == expected_workers_ && level_ <= LogLevel::info) {
        display_.clear();
        fmt::print("{}", console::placement_table(study));
        std::fflush(stdout);
    }
}

void Narrator::tell_of_loss(const study::WorkerLost& lost) {
    lost_.insert(lost.worker);
    const std::string_view separator = lost.reason.find('\n') == std::string::npos ? "; " : "\n";
    std::string text = fmt::format("{}{}trials that it had are queued again", lost.reason, separator);
    if (joined_ == 0) {
        early_losses_.push_back(std::move(text));
    } else {
        say(LogLevel::warning, text);
    }
}

void Narrator::tell_of_early_losses() {
    for (const std::string& loss : std::exchange(early_losses_, {})) {
        say(LogLevel::warning, loss);
    }
}

void Narrator::tell_of_start(const study::TrialStarted& started) {
    if (level_ == LogLevel::debug) {
        say(LogLevel::debug, fmt::format("trial {} (attempt {}) starts on rank {}", started.trial.value,
                                         started.attempt, started.worker.value));
    }
}

/// Once: it is the same for every trial of the script.
void Narrator::tell_of_lost_training(const study::Trial& trial) {
    if (trial.state == study::TrialState::paused && trial.checkpoint == study::Trial::no_checkpoint &&
        !std::exchange(told_of_lost_training_, true)) {
        say(LogLevel::warning,
            fmt::format(
                "trial {} was paused without a checkpoint, so it will start again from the beginning; a function "
                "saves itself with report(..., checkpoint=...), a class with save_checkpoint()",
                trial.id.value));
    }
}

void Narrator::tell_of_end(const study::TrialEnded& ended, const study::Study& study) {
    using study::Outcome;
    if (ended.trial.value < study.trials().size()) {
        tell_of_lost_training(study.trial(ended.trial));
    }
    const bool failed =
        ended.outcome == Outcome::failed || ended.outcome == Outcome::timeout || ended.outcome == Outcome::oom;
    if (failed) {
        const bool flood = ++failures_ > most_failures_told;
        say(flood ? LogLevel::debug : LogLevel::warning,
            fmt::format("trial {} ({}): {}", ended.trial.value, to_string(ended.outcome),
                        config::printable(gist(ended.error), longest_gist)));
        if (failures_ == most_failures_told) {
            say(LogLevel::warning, "further failures are in the results, and told here with --log-level debug");
        }
    } else if (level_ == LogLevel::debug) {
        say(LogLevel::debug, fmt::format("trial {} ended: {} after {:.3f} s", ended.trial.value,
                                         to_string(ended.outcome), ended.time - study.trial(ended.trial).started));
    }
}

void Narrator::say(LogLevel level, const std::string& text) {
    if (level >= level_) {
        display_.clear();
        fmt::print(stderr, "hpogrid-engine: {}\n", text);
    }
}

}  // namespace hpogrid::program
