#include "engine/trials/plugin/plugin_slot.hpp"

#include "engine/core/wall_clock.hpp"
#include "engine/trials/trial_folder.hpp"
#include "engine/trials/verdict.hpp"

#include <fmt/core.h>
#include <poll.h>

#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <utility>

namespace hpogrid::trials {
namespace {

using Clock = std::chrono::steady_clock;

/// Trials shorter than this are worth sending ahead: the way to the worker and back would be a good part of them.
constexpr std::chrono::milliseconds short_trial{5};
constexpr std::size_t most_ahead = 16;
/// Bytes of output that are read in one turn, so that a trial that prints without end starves nobody.
constexpr std::size_t longest_turn = std::size_t{1} << 20;
/// What cannot be killed for so long hangs in the kernel: the slot goes on without it.
constexpr std::chrono::seconds longest_ending{10};

}  // namespace

PluginSlot::PluginSlot(const PluginPlan& plan, ProcessTree& tree, SlotId slot)
    : plan_{plan}, tree_{tree}, slot_{slot}, current_since_{Clock::now()} {
    start_host();
}

PluginSlot::~PluginSlot() {
    if (!host_) {
        return;
    }
    const ProcessFamily family{host_->process.id(), host_->token};
    host_.reset();
    tree_.remove(family.group);
    const auto deadline = Clock::now() + longest_ending;
    while (!tree_.end(family) && Clock::now() < deadline) {
        ::poll(nullptr, 0, 1);
    }
}

void PluginSlot::start_host() {
    start_failure_.clear();
    try {
        auto [channel, other_end] = TrialChannel::make_pair();
        OutputPipe output;
        std::string token = make_token();
        Environment environment = slot_environment(plan_.surroundings, slot_);
        environment[marker_variable] = token;

        SpawnRequest request;
        request.arguments = {plan_.host_program.string(), plan_.plugin.library.string(), plan_.plugin.factory};
        request.environment = entries(plan_.inherited, environment);
        request.working_directory = plan_.surroundings.scripts_path;
        request.standard_output = output.write_end();
        request.standard_error = output.write_end();
        request.inherited = {other_end.get()};
        auto spawned = ChildProcess::spawn(request);
        if (auto* failure = std::get_if<SpawnFailure>(&spawned)) {
            start_failure_ = failure->reason;
            return;
        }
        output.close_write_end();
        host_ = Host{.process = std::move(std::get<ChildProcess>(spawned)),
                     .channel = std::move(channel),
                     .output = std::move(output),
                     .token = std::move(token),
                     .oom_before = plan_.oom_counter.read(),
                     .exit = {},
                     .ending_since = {},
                     .ready = false,
                     .distrusted = false,
                     .fatal = {}};
        tree_.add(host_->process.id());
    } catch (const std::exception& error) {
        start_failure_ = error.what();
    }
}

void PluginSlot::take(TrialOrder order, std::vector<TrialNews>& news) {
    if (!host_) {
        start_host();
    }
    sent_.push_back({std::move(order), false});
    send(sent_.back().order);
    if (sent_.size() == 1) {
        begin_front(news);
    }
}

void PluginSlot::send(const TrialOrder& order) {
    if (host_) {
        host_->channel.send(order_line(order, folder(order.trial), {}));
    }
}

bool PluginSlot::stop(TrialId trial, std::uint32_t attempt, StopCause cause, std::vector<TrialNews>& news) {
    for (Sent& sent : sent_) {
        if (sent.dropped || sent.order.trial != trial || sent.order.attempt != attempt) {
            continue;
        }
        if (&sent == &sent_.front()) {
            current_->watch.request_stop(cause);
            return true;
        }
        sent.dropped = true;
        if (host_) {
            host_->channel.send(fmt::format("{{\"stop\":{},\"attempt\":{}}}\n", trial.value, attempt));
        }
        const auto outcome = cause == StopCause::stopped ? study::Outcome::stopped : study::Outcome::cancelled;
        news.push_back(AttemptEnded{trial, attempt, outcome, {}, {}, wall_clock()});
        return true;
    }
    return false;
}

void PluginSlot::add_descriptors(std::vector<pollfd>& descriptors) const {
    if (!host_) {
        return;
    }
    if (host_->channel.connected()) {
        descriptors.push_back({host_->channel.descriptor(), host_->channel.poll_events(), 0});
    }
    for (const int descriptor : {host_->output.descriptor(), host_->process.descriptor()}) {
        if (descriptor >= 0) {
            descriptors.push_back({descriptor, POLLIN, 0});
        }
    }
}

void PluginSlot::advance(std::vector<TrialNews>& news) {
    if (host_) {
        read_host(news);
        keep_limits();
        bury_host(news);
    } else if (current_) {
        fail_front(start_failure_);
        conclude_front({}, news);
        begin_front(news);
    }
}

void PluginSlot::begin_front(std::vector<TrialNews>& news) {
    if (sent_.empty()) {
        return;
    }
    const Sent& front = sent_.front();
    const double now = wall_clock();
    current_since_ = Clock::now();
    current_.emplace(Current{.reports = ReportBook{plan_.surroundings.metric, now},
                             .watch = AttemptWatch{plan_.surroundings.limits, current_since_},
                             .log = {},
                             .error = {}});
    if (front.dropped) {
        current_->watch.request_stop(StopCause::cancelled);
    } else {
        news.push_back(AttemptStarted{front.order.trial, front.order.attempt, slot_, now});
    }
}

void PluginSlot::read_host(std::vector<TrialNews>& news) {
    host_->channel.flush();
    // Output first: if it is of a later trial than the front, then the front's end has been told already, and is among
    // the messages received now.
    read_output();
    messages_.clear();
    host_->channel.receive(messages_);
    for (ProcessMessage& message : messages_) {
        handle(std::move(message), news);
    }
    assign_output(0);
}

void PluginSlot::read_output() {
    // The host tells a trial's end only when the pipe is empty. So what was seen before that moment is that trial's or
    // an earlier one's, and what was seen after it a later one's.
    std::size_t count = 0;
    while (count < longest_turn) {
        auto chunk = host_->output.read_present();
        if (!chunk) {
            break;
        }
        count += chunk->text.size();
        unassigned_.push_back(
            {std::chrono::nanoseconds{chunk->seen.time_since_epoch()}.count(), std::move(chunk->text)});
    }
    if (count > 0 && current_) {
        current_->watch.heard(Clock::now());
    }
}

void PluginSlot::assign_output(std::int64_t time) {
    while (!unassigned_.empty() && (time == 0 || unassigned_.front().seen_at <= time)) {
        if (current_ && !current_->log) {
            const TrialOrder& order = sent_.front().order;
            current_->log.emplace(log_file(folder(order.trial), order.attempt), plan_.surroundings.log_limit);
        }
        if (current_) {
            current_->log->append(unassigned_.front().text);
        }
        unassigned_.pop_front();
    }
}

void PluginSlot::handle(ProcessMessage message, std::vector<TrialNews>& news) {
    if (const auto* other = std::get_if<OtherMessage>(&message)) {
        return handle_other(other->line);
    }
    if (!current_ || host_->distrusted) {
        return;
    }
    if (const auto* report = std::get_if<ReportMessage>(&message)) {
        current_->watch.heard(Clock::now());
        const Sent& front = sent_.front();
        study::Report completed = current_->reports.take(*report, wall_clock());
        if (!front.dropped) {
            news.push_back(AttemptReported{front.order.trial, front.order.attempt, std::move(completed)});
        }
    } else if (auto* error = std::get_if<ErrorMessage>(&message)) {
        assign_output(error->at);
        current_->error = std::move(*error);
        conclude_front({}, news);
        begin_front(news);
    } else if (const auto* done = std::get_if<DoneMessage>(&message)) {
        assign_output(done->at);
        conclude_front({.done = true}, news);
        begin_front(news);
    } else {
        fail_front(std::get<MalformedMessage>(message).text);
        host_->distrusted = true;
        host_->process.signal_group(SIGKILL);
    }
}

void PluginSlot::handle_other(const std::string& line) {
    const auto message = nlohmann::json::parse(line, nullptr, false);
    if (message.contains("ready")) {
        host_->ready = true;
    } else if (message.contains("fatal") && message["fatal"].is_string()) {
        host_->fatal = message["fatal"].get<std::string>();
    }
}

void PluginSlot::fail_front(std::string reason) {
    if (current_ && !current_->error) {
        current_->error = ErrorMessage{std::move(reason), false};
    }
}

void PluginSlot::keep_limits() {
    if (!current_ || host_->exit) {
        return;
    }
    switch (current_->watch.advance(Clock::now())) {
        case AttemptWatch::Step::none:
            return;
        case AttemptWatch::Step::terminate: {
            const TrialOrder& order = sent_.front().order;
            host_->channel.send(fmt::format("{{\"stop\":{},\"attempt\":{}}}\n", order.trial.value, order.attempt));
            return;
        }
        case AttemptWatch::Step::kill:
            return host_->process.signal_group(SIGKILL);
    }
}

void PluginSlot::bury_host(std::vector<TrialNews>& news) {
    if (!host_is_gone()) {
        return;
    }
    read_host(news);  // what it said since it was read last
    const bool was_ready = host_->ready;
    if (current_) {
        explain_death();
        const auto oom_now = plan_.oom_counter.read();
        const bool oom_killed = host_->oom_before && oom_now && *oom_now > *host_->oom_before;
        conclude_front({.done = false, .exit = host_->exit, .oom_killed = oom_killed}, news);
    }
    host_.reset();
    std::erase_if(sent_, [](const Sent& sent) { return sent.dropped; });
    if (was_ready || !sent_.empty()) {
        start_host();
        for (const Sent& sent : sent_) {
            send(sent.order);
        }
    }
    begin_front(news);
}

bool PluginSlot::host_is_gone() {
    const auto now = Clock::now();
    if (!host_->exit) {
        host_->exit = host_->process.try_wait();
        if (!host_->exit) {
            if (!host_->channel.connected()) {
                host_->process.signal_group(SIGKILL);
            }
            return false;
        }
        tree_.remove(host_->process.id());
        host_->ending_since = now;
    }
    const auto since = now - *host_->ending_since;
    return (tree_.end({host_->process.id(), host_->token}) || since > longest_ending) &&
           !(current_ && too_early_to_judge(current_->watch, *host_->exit, since));
}

void PluginSlot::explain_death() {
    if (!host_->fatal.empty()) {
        fail_front(host_->fatal);
    } else if (!host_->ready && !current_->watch.imposed()) {
        fail_front("the plug-in could not be loaded: its host " + to_string(*host_->exit));
    } else if (host_->exit->success()) {
        fail_front("the plug-in ended its process instead of returning");
    }
}

void PluginSlot::conclude_front(const End& end, std::vector<TrialNews>& news) {
    const Sent front = std::move(sent_.front());
    sent_.pop_front();
    depth_ = end.done && Clock::now() - current_since_ < short_trial ? most_ahead : 1;
    if (current_->log) {
        current_->log->finish();
    }
    const Evidence evidence{.watch = current_->watch,
                            .reports = current_->reports,
                            .exit = end.exit,
                            .error = current_->error,
                            .done = end.done,
                            .oom_killed = end.oom_killed,
                            .last_lines = current_->log ? current_->log->last_lines() : std::string{}};
    if (!front.dropped) {
        Verdict verdict = judge(evidence);
        news.push_back(AttemptEnded{front.order.trial, front.order.attempt, verdict.outcome, std::move(verdict.error),
                                    current_->log ? current_->log->path() : std::string{}, wall_clock()});
    }
    current_.reset();
}

std::filesystem::path PluginSlot::folder(TrialId trial) const {
    return trial_folder(plan_.surroundings.trials_folder, trial);
}

}  // namespace hpogrid::trials
