#include "engine/console/progress_text.hpp"

#include "engine/config/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace hpogrid::console {
namespace {

using study::Study;
using study::Trial;
using study::TrialState;

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// Seconds until all trials have ended, if those to come end as fast as those of this run did.
double time_left(const Study& study, Moment moment) {
    const auto ended = static_cast<double>(std::ranges::count_if(
        study.trials(), [&](const Trial& trial) { return is_final(trial.state) && trial.ended >= moment.started; }));
    const auto left = static_cast<double>(study.settings().num_trials - study.counts().ended());
    return ended > 0 ? left * (moment.now - moment.started) / ended : unknown;
}

std::string time_text(const Study& study, Moment moment) {
    const double left = time_left(study, moment);
    return duration(moment.now - moment.started) + " elapsed" +
           (std::isfinite(left) ? fmt::format(", about {} left", duration(left)) : "");
}

std::string best_text(const Study& study) {
    const auto best = study.best();
    return best ? fmt::format("best {} {:.6g} in trial {}", study.settings().metric,
                              study.objective(study.trial(*best)), best->value)
                : std::string{"no result yet"};
}

std::pair<std::size_t, std::size_t> busy_workers(const Study& study) {
    std::size_t busy = 0;
    std::size_t alive = 0;
    for (const study::Worker& worker : study.workers()) {
        alive += worker.alive ? 1 : 0;
        busy += worker.alive && !worker.running.empty() ? 1 : 0;
    }
    return {busy, alive};
}

/// Share of the workers' time in which they evaluated trials.
double busy_share(const Study& study, Moment moment) {
    double busy = 0.0;
    for (const Trial& trial : study.trials()) {
        if (trial.started >= moment.started && std::isfinite(trial.ended)) {
            busy += trial.ended - trial.started;
        }
    }
    double slots = 0.0;
    for (const study::Worker& worker : study.workers()) {
        slots += worker.slots;
    }
    return busy / std::max(1e-9, slots * (moment.now - moment.started));
}

std::vector<TrialId> best_trials(const Study& study, std::size_t count) {
    std::vector<TrialId> ids;
    for (const Trial& trial : study.trials()) {
        const bool counts = is_success(trial.state) || (study.stop_requested() && is_unfinished(trial.state));
        if (counts && std::isfinite(study.objective(trial))) {
            ids.push_back(trial.id);
        }
    }
    const double sign = study.settings().mode == study::Mode::minimize ? 1.0 : -1.0;
    std::ranges::stable_sort(ids, {}, [&](TrialId id) { return sign * study.objective(study.trial(id)); });
    ids.resize(std::min(ids.size(), count));
    return ids;
}

}  // namespace

std::string progress_line(const Study& study, Moment moment) {
    return fmt::format("{}/{} trials{}, {}, {}", study.counts().ended(), study.settings().num_trials,
                       counts_text(study.counts()), best_text(study), time_text(study, moment));
}

std::vector<std::string> progress_block(const Study& study, const space::Space& space, Moment moment,
                                        std::size_t width) {
    const std::size_t ended = study.counts().ended();
    const std::size_t total = std::max<std::size_t>(1, study.settings().num_trials);
    const double share = static_cast<double>(ended) / static_cast<double>(total);
    const auto [busy, alive] = busy_workers(study);
    std::vector<std::string> lines;
    const std::size_t bar_width = std::min<std::size_t>(40, width > 40 ? width - 30 : 10);
    lines.push_back(fmt::format("{} {:3.0f} %  {}/{} trials", bar(share, bar_width), 100 * share, ended,
                                study.settings().num_trials));
    lines.push_back(fmt::format("  {} of {} workers busy{}", busy, alive, counts_text(study.counts())));
    lines.push_back("  " + best_text(study));
    if (const auto best = study.best()) {
        lines.push_back("    " + configuration_text(space.configuration(study.trial(*best).point)));
    }
    lines.push_back("  " + time_text(study, moment));
    for (std::string& line : lines) {
        line = fit(line, width);
    }
    return lines;
}

std::string placement_table(const Study& study) {
    std::string table = fmt::format("{:>5}  {:<24} {:>5}  {}\n", "rank", "host", "slots", "GPU");
    // They stand there in the order in which they joined.
    std::vector<study::Worker> workers{study.workers().begin(), study.workers().end()};
    std::ranges::sort(workers, {}, [](const study::Worker& worker) { return worker.id; });
    for (const study::Worker& worker : workers) {
        table += fmt::format("{:>5}  {:<24} {:>5}  {}\n", worker.id.value, worker.host, worker.slots,
                             worker.gpu.empty() ? "none" : worker.gpu);
    }
    return table;
}

std::string final_summary(const Study& study, const space::Space& space, Moment moment,
                          const std::string& results_path) {
    const study::Counts& counts = study.counts();
    std::string text = fmt::format("\n{} of {} trials succeeded{} in {}; workers were busy {:.0f} % of the time\n",
                                   counts.succeeded(), study.trials().size(), counts_text(counts),
                                   duration(moment.now - moment.started), 100 * busy_share(study, moment));
    constexpr std::size_t shown = 5;
    for (const TrialId id : best_trials(study, shown)) {
        const Trial& trial = study.trial(id);
        text += fmt::format("  {:<9} trial {:<5} {:>12.6g}  {}\n", to_string(trial.state), id.value,
                            study.objective(trial), configuration_text(space.configuration(trial.point)));
    }
    if (const auto best = study.best()) {
        const Trial& trial = study.trial(*best);
        text += fmt::format("\nBest {} = {:.6g} (trial {}):\n", study.settings().metric, study.objective(trial),
                            best->value);
        const nlohmann::json configuration = space.configuration(trial.point);
        for (const auto& [name, value] : configuration.items()) {
            text += fmt::format("  {:<24} {}\n", config::printable(name), value_text(value));
        }
    }
    return text + fmt::format("\nResults: {}\n", results_path);
}

}  // namespace hpogrid::console
