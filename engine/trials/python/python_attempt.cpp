#include "engine/trials/python/python_attempt.hpp"

#include "engine/core/overloaded.hpp"
#include "engine/core/wall_clock.hpp"
#include "engine/trials/trial_environment.hpp"
#include "engine/trials/trial_folder.hpp"
#include "engine/trials/verdict.hpp"

#include <poll.h>

#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <utility>

namespace hpogrid::trials {
namespace {

using Clock = std::chrono::steady_clock;

/// A process that said that it is done may take so long to leave (exit handlers, threads of the script).
constexpr std::chrono::seconds longest_leaving{15};
/// What cannot be killed for so long hangs in the kernel: the slot goes on without it.
constexpr std::chrono::seconds longest_ending{25};
/// How long a process that can be used again may train on before it notices that its trial is over.
constexpr std::chrono::seconds longest_release{1};

}  // namespace

PythonAttempt::PythonAttempt(const Surroundings& surroundings, const OomCounter& oom_counter, PreparedProcess process,
                             SlotId slot, TrialOrder order, std::vector<TrialNews>& news)
    : surroundings_{surroundings},
      oom_counter_{oom_counter},
      process_{std::move(process)},
      slot_{slot},
      order_{std::move(order)},
      log_{log_file(trial_folder(surroundings.trials_folder, order_.trial), order_.attempt), surroundings.log_limit},
      reports_{surroundings.metric, wall_clock(), !order_.checkpoint.empty()},
      watch_{surroundings.limits, Clock::now()},
      oom_before_{oom_counter.read()} {
    news.push_back(AttemptStarted{order_.trial, order_.attempt, slot_, wall_clock()});
    const auto folder = trial_folder(surroundings.trials_folder, order_.trial);
    if (const std::string failure = make_folder(folder); !failure.empty()) {
        on_lost(failure);
        return;
    }
    send_order();
}

void PythonAttempt::send_order() {
    const auto folder = trial_folder(surroundings_.trials_folder, order_.trial);
    log_.append(std::exchange(process_.early_output, {}));
    process_.channel.send(
        order_line(order_, folder, attempt_environment(surroundings_, slot_, order_, folder, process_.token)));
}

void PythonAttempt::begin_again(PreparedProcess process) {
    process_ = std::move(process);
    death_.reset();
    releasable_ = refuses_ = wants_process_ = false;
    send_order();
}

void PythonAttempt::request_stop(StopCause cause) {
    if (cause != StopCause::stopped || !releasable_) {
        watch_.request_stop(cause);
    } else if (!release_until_) {
        release_until_ = Clock::now() + longest_release;
        process_.channel.send(release_line);
    }
}

PythonAttempt::~PythonAttempt() {
    if (!gone_) {
        signal(SIGKILL);
    }
}

void PythonAttempt::on_exit(ChildExit exit) noexcept {
    death_ = {exit, Clock::now()};
}

void PythonAttempt::on_lost(const std::string& why, std::optional<ChildExit> end) {
    lost_ = true;
    if (!death_ && end) {
        death_ = {*end, Clock::now()};
    }
    if (!error_ && !done_) {
        error_ = ErrorMessage{why, false};
    }
}

void PythonAttempt::add_descriptors(std::vector<pollfd>& descriptors) const {
    if (process_.channel.connected()) {
        descriptors.push_back({process_.channel.descriptor(), process_.channel.poll_events(), 0});
    }
    if (process_.output.descriptor() >= 0) {
        descriptors.push_back({process_.output.descriptor(), POLLIN, 0});
    }
}

void PythonAttempt::advance(ProcessTree& tree, std::vector<TrialNews>& news) {
    read(news);
    // A crash in reset_config() says no more of the trial than a refusal.
    refuses_ = refuses_ || (process_.used && death_ && !releasable_ && !done_ && !error_);
    if (refuses_ && !lost_ && !ended_) {
        end_refusing_process(tree);
        return;
    }
    keep_limits();
    const bool over = death_ || lost_;
    if (!ended_ && (over || done_ || error_)) {
        if (over) {
            read(news);  // what it wrote last
        }
        if (may_be_judged()) {
            conclude(news);
        }
    }
    if (!ended_ || gone_) {
        return;
    }
    if (keeps_process_) {
        log_.finish();
        gone_ = true;
        return;
    }
    const auto waited = Clock::now() - *ended_at_;
    if (!over && waited > longest_leaving) {
        signal(SIGKILL);
    }
    if ((over && tree.end({process_.process, process_.token})) || waited > longest_ending) {
        read_output();
        log_.finish();
        gone_ = true;
    }
}

void PythonAttempt::read(std::vector<TrialNews>& news) {
    process_.channel.flush();
    std::vector<ProcessMessage> messages;
    process_.channel.receive(messages);
    if (!messages.empty()) {
        watch_.heard(Clock::now());
    }
    for (ProcessMessage& message : messages) {
        take(std::move(message), news);
    }
    read_output();
}

void PythonAttempt::read_output() {
    if (process_.output.drain([&](std::string_view text) { log_.append(text); }) > 0) {
        watch_.heard(Clock::now());
    }
}

void PythonAttempt::take(ProcessMessage message, std::vector<TrialNews>& news) {
    if (ended_ || done_ || error_) {
        return;
    }
    std::visit(Overloaded{
                   [&](const ReportMessage& said) {
                       study::Report report = reports_.take(said, wall_clock());
                       if (said.checkpoint) {
                           news.push_back(AttemptSaved{{order_.trial, order_.attempt, said.checkpoint->number,
                                                        report.iteration, said.checkpoint->bytes}});
                       }
                       news.push_back(AttemptReported{order_.trial, order_.attempt, std::move(report)});
                   },
                   [&](const DoneMessage&) { done_ = true; },
                   [&](const LeftMessage&) { watch_.left(Clock::now()); },
                   [&](ErrorMessage& error) { error_ = std::move(error); },
                   [&](const MalformedMessage& malformed) {
                       error_ = ErrorMessage{malformed.text, false};
                   },
                   [&](const OtherMessage& other) { take_offer(other.line); },
               },
               message);
}

void PythonAttempt::take_offer(const std::string& line) {
    const auto offer = nlohmann::json::parse(line, nullptr, false);
    releasable_ = releasable_ || offer.contains("releasable");
    stays_ = stays_ || offer.contains("kept");
    refuses_ = refuses_ || (process_.used && offer.contains("cannot_reset"));
}

void PythonAttempt::end_refusing_process(ProcessTree& tree) {
    if (!death_) {
        signal(SIGKILL);
    } else if (!wants_process_) {
        wants_process_ = tree.end({process_.process, process_.token});
    }
}

void PythonAttempt::keep_limits() {
    if (ended_ || death_ || process_.process == 0) {
        return;
    }
    if (release_until_ && !done_ && Clock::now() > *release_until_) {
        watch_.request_stop(StopCause::stopped);
    }
    switch (watch_.advance(Clock::now())) {
        case AttemptWatch::Step::none:
            return;
        case AttemptWatch::Step::terminate:
            return signal(SIGTERM);
        case AttemptWatch::Step::kill:
            return signal(SIGKILL);
    }
}

void PythonAttempt::signal(int number) const noexcept {
    // In the instant after its fork the process has no group of its own yet.
    if (process_.process > 0 && !death_ && ::kill(-process_.process, number) != 0) {
        ::kill(process_.process, number);
    }
}

bool PythonAttempt::may_be_judged() const noexcept {
    return done_ || !death_ || !too_early_to_judge(watch_, death_->exit, Clock::now() - death_->at);
}

void PythonAttempt::conclude(std::vector<TrialNews>& news) {
    keeps_process_ = stays_ && done_ && !death_ && !lost_ && !watch_.imposed();
    if (release_until_) {
        watch_.request_stop(StopCause::stopped);
    }
    const auto oom_now = oom_counter_.read();
    const Evidence evidence{.watch = watch_,
                            .reports = reports_,
                            .exit = death_ ? std::optional{death_->exit} : std::nullopt,
                            .error = error_,
                            .done = done_,
                            .oom_killed = oom_before_ && oom_now && *oom_now > *oom_before_,
                            .last_lines = log_.last_lines()};
    Verdict verdict = judge(evidence);
    news.push_back(AttemptEnded{order_.trial, order_.attempt, verdict.outcome, std::move(verdict.error), log_.path(),
                                wall_clock()});
    ended_ = true;
    ended_at_ = Clock::now();
}

}  // namespace hpogrid::trials
