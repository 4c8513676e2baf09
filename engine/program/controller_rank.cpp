#include "engine/program/controller_rank.hpp"

#include "engine/cluster/checkpoints/sharing_probe.hpp"
#include "engine/cluster/controller.hpp"
#include "engine/cluster/results_publisher.hpp"
#include "engine/config/printable.hpp"
#include "engine/console/progress_display.hpp"
#include "engine/core/environment.hpp"
#include "engine/core/error.hpp"
#include "engine/core/version.hpp"
#include "engine/core/wall_clock.hpp"
#include "engine/program/dry_run.hpp"
#include "engine/program/narrator.hpp"
#include "engine/program/study_setup.hpp"
#include "engine/results/earlier_study.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace hpogrid::program {
namespace {

using cluster::ControllerEnd;

constexpr double results_interval = 10.0;  // seconds

/// The script, the plug-in, the command or the data are of no use anywhere: bad input that only the workers can see.
class NoneCanEvaluate : public InputError {
    using InputError::InputError;
};

/// Seconds without a sign of life after which a worker is given up.
double worker_silence(double usual) {
    constexpr const char* variable = "HPOGRID_WORKER_SILENCE";
    constexpr double least = 3;  // some signs of life
    const std::string text = environment_variable(variable);
    if (text.empty()) {
        return usual;
    }
    double seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc{} || end != text.data() + text.size() || !(seconds >= least) || !std::isfinite(seconds)) {
        throw InputError{
            fmt::format("{} is '{}', allowed: seconds, {} or more", variable, config::printable(text), least)};
    }
    return seconds;
}

cluster::Controller::Options controller_options(const CommandLine& command_line) {
    cluster::Controller::Options options;
    options.time_budget = command_line.time_budget.value_or(0.0);
    options.worker_silence = worker_silence(options.worker_silence);
    options.signal_grace = command_line.grace.value_or(options.signal_grace);
    return options;
}

unsigned worker_count(const cluster::Transport& transport) {
    return transport.size() == 1 ? 1U : static_cast<unsigned>(transport.size() - 1);
}

void send_to_workers(cluster::Transport& transport, const std::vector<std::byte>& message) {
    const int first = transport.size() == 1 ? 0 : 1;
    for (int rank = first; rank < transport.size(); ++rank) {
        transport.send(rank, message);
    }
}

console::ProgressMode progress_mode(ProgressStyle style) {
    if (style == ProgressStyle::none) {
        return console::ProgressMode::none;
    }
    const bool live = style == ProgressStyle::automatic && console::ProgressDisplay::on_terminal();
    return live ? console::ProgressMode::live : console::ProgressMode::lines;
}

/// What a study needs to go on where its journal ends.
struct Restored {
    results::Journal journal;
    std::vector<study::Event> events;
};

Restored open_journal(StudySetup& setup, bool resume) {
    if (!resume) {
        return {results::Journal::create(setup.files.journal, setup.journal_header()), {}};
    }
    std::vector<study::Event> events;
    const auto contents =
        results::read_journal(setup.files.journal, [&](const study::Event& event) { events.push_back(event); });
    setup.adopt_journal_header(contents.header);
    return {results::Journal::resume(setup.files.journal, contents), std::move(events)};
}

/// Of the actions of a replay only what the optimiser learns is carried out.
void replay(const std::vector<study::Event>& events, study::Study& study, results::Recorder& recorder,
            cluster::Suggester& suggester) {
    std::vector<study::Action> actions;
    for (const study::Event& event : events) {
        actions.clear();
        study.apply(event, actions);
        recorder.record(event, study);
        for (study::Action& action : actions) {
            if (auto* tell = std::get_if<study::TellOptimizer>(&action)) {
                suggester.tell(std::move(tell->observation));
            }
        }
    }
}

int exit_status(ControllerEnd end, const study::Study& study) {
    if (end == ControllerEnd::no_workers_left) {
        return interrupted_status;
    }
    const bool nothing_succeeded = end == ControllerEnd::finished && study.counts().succeeded() == 0;
    return static_cast<int>(nothing_succeeded ? ExitStatus::no_success : ExitStatus::success);
}

void explain_end(ControllerEnd end, const study::Study& study, const StudySetup& setup) {
    if (end == ControllerEnd::stopped) {
        fmt::print("Stopped with {} of {} trials ended; start again with --resume to go on.\n",
                   study.counts().succeeded(), study.settings().num_trials);
    } else if (end == ControllerEnd::no_workers_left) {
        fmt::print(stderr, "hpogrid-engine: no worker is left; what ended is safe in {}, start again with --resume\n",
                   setup.files.journal.string());
    } else if (study.counts().succeeded() == 0) {
        for (const study::Trial& trial : study.trials()) {
            if (!trial.error.empty()) {
                fmt::print(stderr, "hpogrid-engine: no trial succeeded; trial {} says: {}\n", trial.id.value,
                           trial.error);
                break;
            }
        }
    }
}

/// From the first trial on, the earlier study has been overwritten.
class Overwriting final : public cluster::StudyObserver {
  public:
    explicit Overwriting(results::EarlierStudy& earlier) : earlier_{earlier} {}

    void on_event(const study::Event& event, const study::Study&) override {
        if (std::holds_alternative<study::TrialStarted>(event) && !std::exchange(begun_, true)) {
            earlier_.discard();
        }
    }
    void on_turn(const study::Study&) override {}

  private:
    results::EarlierStudy& earlier_;
    bool begun_{false};
};

ControllerResult run_study(const CommandLine& command_line, StudySetup& setup, results::EarlierStudy& earlier,
                           bool resume, cluster::Transport& transport, cluster::StopSignals& signals) {
    const cluster::Controller::Options options = controller_options(command_line);
    if (setup.existing == results::ExistingFiles::overwrite) {
        earlier.set_aside();
    }
    Restored restored = open_journal(setup, resume);
    results::keep_metadata_of_others(setup.files.metadata, setup.started);
    const cluster::SharingProbe probe{setup.files.checkpoints};
    setup.worker_settings.checkpoint_probe = probe.file();
    const std::vector<std::byte> worker_settings = encode(cluster::Settings{to_text(setup.worker_settings)});
    send_to_workers(transport, worker_settings);

    auto optimizer = setup.make_optimizer();
    study::Study study = setup.make_study(optimizer->lookahead());
    cluster::Suggester suggester{std::move(optimizer)};
    results::Recorder recorder{results::make_run_info(setup.project, setup.seed, std::string{version}, setup.started)};
    replay(restored.events, study, recorder, suggester);

    const double started = wall_clock();
    cluster::ResultsPublisher publisher{
        std::move(recorder), {setup.files.results, setup.files.metadata}, results_interval};
    console::ProgressDisplay display{progress_mode(command_line.progress), setup.space};
    Narrator narrator{display, command_line.log_level, worker_count(transport), started};
    const cluster::OrderMaker make_order{setup.space, setup.project.model.param, setup.seed, setup.files.checkpoints};
    Overwriting overwriting{earlier};
    cluster::CheckpointFolder checkpoints{setup.files.checkpoints};
    checkpoints.remove_all_but(study.checkpoints().all());
    cluster::Controller controller{{.transport = transport,
                                    .study = study,
                                    .journal = restored.journal,
                                    .suggester = suggester,
                                    .signals = signals,
                                    .make_order = make_order,
                                    .checkpoints = checkpoints,
                                    .worker_settings = worker_settings,
                                    .observers = {&publisher, &narrator, &overwriting}},
                                   options};
    if (resume) {
        controller.inject(study::StudyResumed{started});
    }
    controller.inject(study::StudyPlanned{setup.project.hpo.num_trials});
    for (std::size_t i = study.trials().size(); i < setup.search_points.size(); ++i) {
        controller.inject(study::Suggested{setup.search_points[i], "user"});
    }

    const ControllerEnd end = controller.run();
    if (end == ControllerEnd::none_can_evaluate) {
        display.clear();
        throw NoneCanEvaluate{controller.hindrance()};
    }
    if (end != ControllerEnd::no_workers_left) {
        earlier.discard();
    }
    narrator.tell_of_early_losses();
    checkpoints.remove_all_but(study.checkpoints().all());
    display.clear();
    publisher.write_now(study,
                        end == ControllerEnd::finished ? results::RunStatus::finished : results::RunStatus::stopped);
    fmt::print("{}", console::final_summary(study, setup.space, {started, wall_clock()}, setup.files.results.string()));
    explain_end(end, study, setup);
    if (const auto failure = controller.optimizer_failure()) {
        fmt::print(stderr, "hpogrid-engine: the optimiser gave up: {}\n", *failure);
    }
    return {exit_status(end, study), controller.lost_ranks()};
}

ControllerResult run_checked(const CommandLine& command_line, cluster::Transport& transport,
                             cluster::StopSignals& signals) {
    StudySetup setup = set_up_study(command_line, worker_count(transport));
    if (command_line.dry_run) {
        const auto start_workers = [&, settings = to_text(setup.worker_settings)] {
            send_to_workers(transport, encode(cluster::Settings{settings}));
        };
        dry_run(std::move(setup), transport, worker_count(transport), start_workers);
        return {};
    }
    results::EarlierStudy earlier{setup.files};
    const bool resume = results::check_files(setup.files, setup.existing);
    try {
        return run_study(command_line, setup, earlier, resume, transport, signals);
    } catch (const NoneCanEvaluate&) {
        if (!resume) {
            // There was no study yet: once that is mended, the same command starts it.
            results::remove_study(setup.files);
            earlier.put_back();
        }
        throw;
    } catch (const std::exception&) {
        if (!resume) {
            earlier.put_back();
        }
        throw;
    }
}

}  // namespace

ControllerResult run_controller(const CommandLine& command_line, cluster::Transport& transport,
                                cluster::StopSignals& signals) {
    const auto complain = [](const std::exception& error, int status) {
        fmt::print(stderr, "hpogrid-engine: {}\n", error.what());
        return ControllerResult{.status = status};
    };
    ControllerResult result;
    try {
        result = run_checked(command_line, transport, signals);
    } catch (const InputError& error) {
        result = complain(error, static_cast<int>(ExitStatus::bad_input));
    } catch (const OutputError& error) {
        result = complain(error, static_cast<int>(ExitStatus::no_results));
    } catch (const std::exception& error) {
        result = complain(error, interrupted_status);
    }
    send_to_workers(transport, encode(cluster::Shutdown{result.lost_ranks != cluster::LostRanks::none}));
    return result;
}

}  // namespace hpogrid::program
