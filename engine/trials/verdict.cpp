#include "engine/trials/verdict.hpp"

#include "engine/trials/oom_counter.hpp"

#include <csignal>
#include <utility>

namespace hpogrid::trials {
namespace {

using study::Outcome;

std::string with_quote(std::string reason, const std::string& last_lines) {
    if (!last_lines.empty()) {
        reason += "\nlast lines of its log:\n" + last_lines;
    }
    return reason;
}

/// A trial that was asked to stop may die of the signal, exit with any code or raise while it cleans up: all the same.
Verdict imposed(const Evidence& evidence) {
    const Outcome outcome = *evidence.watch.imposed();
    return {outcome, outcome == Outcome::timeout ? with_quote(evidence.watch.reason(), evidence.last_lines) : ""};
}

Verdict by_error(const ErrorMessage& error) {
    const bool memory = error.out_of_memory || speaks_of_memory(error.text);
    return {memory ? Outcome::oom : Outcome::failed, error.text};
}

Verdict by_exit(const Evidence& evidence) {
    if (evidence.exit->signal == SIGKILL && evidence.oom_killed) {
        return {Outcome::oom, with_quote("killed by the kernel because memory ran out", evidence.last_lines)};
    }
    const bool memory = speaks_of_memory(evidence.last_lines);
    return {memory ? Outcome::oom : Outcome::failed, with_quote(to_string(*evidence.exit), evidence.last_lines)};
}

Verdict by_what_happened(const Evidence& evidence) {
    if (evidence.watch.imposed()) {
        return imposed(evidence);
    }
    if (evidence.error) {
        return by_error(*evidence.error);
    }
    // What happens in a process after it said that it is done (a crash in some library's destructor) spoils no result.
    if (!evidence.done && evidence.exit && !evidence.exit->success()) {
        return by_exit(evidence);
    }
    if (auto reason = evidence.reports.why_no_score()) {
        return {Outcome::failed, with_quote(std::move(*reason), evidence.last_lines)};
    }
    return {};
}

}  // namespace

bool told_to_end() noexcept {
    sigset_t pending;
    return ::sigpending(&pending) == 0 && (sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1 ||
                                           sigismember(&pending, SIGUSR1) == 1);
}

bool too_early_to_judge(const AttemptWatch& watch, const ChildExit& exit,
                        std::chrono::steady_clock::duration since) noexcept {
    constexpr int shells_offset = 128;  // POSIX.1-2017, Shell & Utilities 2.8.2; 128 + n in every shell in use
    const int signal = exit.signal != 0 ? exit.signal : exit.code - shells_offset;
    const bool ends_jobs =
        signal == SIGTERM || signal == SIGINT || signal == SIGHUP || signal == SIGUSR1 || signal == SIGKILL;
    return ends_jobs && since < longest_signalling && !watch.imposed() && !told_to_end();
}

Verdict judge(const Evidence& evidence) {
    Verdict verdict = by_what_happened(evidence);
    return verdict.outcome == Outcome::failed && evidence.worker_ends ? Verdict{Outcome::cancelled, ""}
                                                                      : std::move(verdict);
}

}  // namespace hpogrid::trials
