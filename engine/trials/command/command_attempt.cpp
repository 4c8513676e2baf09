#include "engine/trials/command/command_attempt.hpp"

#include "engine/core/wall_clock.hpp"
#include "engine/trials/trial_folder.hpp"
#include "engine/trials/verdict.hpp"

#include <fmt/core.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

namespace hpogrid::trials {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* configuration_file = "config.json";
constexpr std::uintmax_t largest_result = std::uintmax_t{1} << 20;
/// What cannot be killed for so long hangs in the kernel: the slot goes on without it.
constexpr std::chrono::seconds longest_ending{10};

}  // namespace

CommandAttempt::CommandAttempt(const CommandPlan& plan, ProcessTree& tree, SlotId slot, TrialOrder order,
                               std::vector<TrialNews>& news)
    : plan_{plan},
      tree_{tree},
      order_{std::move(order)},
      slot_{slot},
      folder_{trial_folder(plan.surroundings.trials_folder, order_.trial)},
      token_{make_token()},
      log_{log_file(folder_, order_.attempt), plan.surroundings.log_limit},
      reports_{plan.surroundings.metric, wall_clock()},
      watch_{plan.surroundings.limits, Clock::now()},
      oom_before_{plan.oom_counter.read()} {
    news.push_back(AttemptStarted{order_.trial, order_.attempt, slot_, wall_clock()});
    try {
        launch();
    } catch (const std::exception& error) {
        error_ = ErrorMessage{error.what(), false};
    }
}

CommandAttempt::~CommandAttempt() {
    if (process_) {
        const ProcessFamily family{process_->id(), token_};
        process_.reset();
        tree_.remove(family.group);
        const auto deadline = Clock::now() + longest_ending;
        while (!tree_.end(family) && Clock::now() < deadline) {
            ::poll(nullptr, 0, 1);
        }
    }
}

void CommandAttempt::launch() {
    prepare_folder();
    Environment environment = attempt_environment(plan_.surroundings, slot_, order_, folder_, token_);
    environment["HPOGRID_CONFIG"] = (folder_ / configuration_file).string();

    SpawnRequest request;
    request.arguments = plan_.arguments.fill(nlohmann::json::parse(order_.configuration));
    request.arguments.insert(request.arguments.begin(), plan_.program.string());
    request.environment = entries(plan_.inherited, environment);
    request.working_directory = folder_;
    request.standard_output = output_.write_end();
    request.standard_error = errors_.write_end();
    auto spawned = ChildProcess::spawn(request);
    if (auto* failure = std::get_if<SpawnFailure>(&spawned)) {
        error_ = ErrorMessage{failure->reason, false};
    } else {
        process_ = std::move(std::get<ChildProcess>(spawned));
        tree_.add(process_->id());
    }
    output_.close_write_end();
    errors_.close_write_end();
}

void CommandAttempt::prepare_folder() {
    if (const std::string failure = make_folder(folder_); !failure.empty()) {
        throw std::runtime_error{failure};
    }
    std::ofstream file{folder_ / configuration_file, std::ios::trunc};
    file << order_.configuration << '\n';
    file.close();
    if (!file) {
        throw std::runtime_error{fmt::format("cannot write {}", (folder_ / configuration_file).string())};
    }
    if (!plan_.command.result_file.empty()) {
        std::error_code absent;
        std::filesystem::remove(folder_ / plan_.command.result_file, absent);  // that of an earlier attempt
    }
}

void CommandAttempt::add_descriptors(std::vector<pollfd>& descriptors) const {
    for (const int descriptor : {output_.descriptor(), errors_.descriptor(), process_ ? process_->descriptor() : -1}) {
        if (descriptor >= 0) {
            descriptors.push_back({descriptor, POLLIN, 0});
        }
    }
}

bool CommandAttempt::advance(std::vector<TrialNews>& news) {
    read_output(news);
    keep_limits();
    if (!is_over()) {
        return false;
    }
    conclude(news);
    return true;
}

void CommandAttempt::read_output(std::vector<TrialNews>& news) {
    const auto report = [&](std::string_view line) { take_line(line, news); };
    std::size_t count = output_.drain([&](std::string_view text) {
        log_.append(text);
        lines_.feed(text, report);
    });
    count += errors_.drain([&](std::string_view text) { log_.append(text); });
    if (count > 0) {
        watch_.heard(Clock::now());
    }
}

void CommandAttempt::take_line(std::string_view line, std::vector<TrialNews>& news) {
    const auto message = parse_metrics(line);
    if (!message) {
        return;
    }
    const auto is_objective = [&](const auto& refused) { return refused.first == plan_.surroundings.metric; };
    if (!message->metrics.empty() || std::any_of(message->refused.begin(), message->refused.end(), is_objective)) {
        take_report(*message, news);
    }
}

void CommandAttempt::take_report(const ReportMessage& message, std::vector<TrialNews>& news) {
    news.push_back(AttemptReported{order_.trial, order_.attempt, reports_.take(message, wall_clock())});
}

void CommandAttempt::keep_limits() {
    if (!process_ || exit_) {
        return;
    }
    switch (watch_.advance(Clock::now())) {
        case AttemptWatch::Step::none:
            return;
        case AttemptWatch::Step::terminate:
            return process_->signal_group(SIGTERM);
        case AttemptWatch::Step::kill:
            return process_->signal_group(SIGKILL);
    }
}

bool CommandAttempt::is_over() {
    if (!process_) {
        return true;
    }
    if (!exit_) {
        exit_ = process_->try_wait();
        if (!exit_) {
            return false;
        }
        tree_.remove(process_->id());
        ending_since_ = Clock::now();
    }
    const auto since = Clock::now() - *ending_since_;
    return (tree_.end({process_->id(), token_}) || since > longest_ending) &&
           !too_early_to_judge(watch_, *exit_, since);
}

void CommandAttempt::conclude(std::vector<TrialNews>& news) {
    read_output(news);  // what was still in the pipes; their capacity is below the amount of one call
    lines_.finish([&](std::string_view line) { take_line(line, news); });
    if (exit_ && exit_->success() && !plan_.command.result_file.empty()) {
        read_result_file(news);
    }
    log_.finish();
    const auto oom_now = plan_.oom_counter.read();
    const Evidence evidence{.watch = watch_,
                            .reports = reports_,
                            .exit = exit_,
                            .error = error_,
                            .done = false,
                            .oom_killed = oom_before_ && oom_now && *oom_now > *oom_before_,
                            .last_lines = log_.last_lines()};
    Verdict verdict = judge(evidence);
    news.push_back(AttemptEnded{order_.trial, order_.attempt, verdict.outcome, std::move(verdict.error), log_.path(),
                                wall_clock()});
    process_.reset();
}

void CommandAttempt::read_result_file(std::vector<TrialNews>& news) {
    const std::filesystem::path path = folder_ / plan_.command.result_file;
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) {
        error_ =
            ErrorMessage{fmt::format("the program ended without writing its result file {}", path.string()), false};
        return;
    }
    if (const auto size = std::filesystem::file_size(path, error); error || size > largest_result) {
        error_ = ErrorMessage{fmt::format("the result file {} is larger than 1 MiB", path.string()), false};
        return;
    }
    std::ifstream file{path, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    if (const auto message = parse_metrics(text)) {
        take_report(*message, news);
    } else {
        error_ = ErrorMessage{fmt::format("the result file {} holds no JSON object", path.string()), false};
    }
}

}  // namespace hpogrid::trials
