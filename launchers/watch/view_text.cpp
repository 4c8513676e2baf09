#include "launchers/watch/view_text.hpp"

#include "engine/config/printable.hpp"
#include "engine/console/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hpogrid::launchers {
namespace {

using config::printable;
using console::configuration_text;
using console::duration;

std::string status_text(const StudyView& view, const ViewMoment& moment) {
    if (view.status != "running") {
        return view.status;
    }
    return moment.vanished ? "interrupted: start it again with --resume" : "running";
}

std::string title(const StudyView& view, const ViewMoment& moment) {
    return fmt::format("{}: {} {}, {}, {}", printable(view.project), view.mode == "min" ? "minimise" : "maximise",
                       printable(view.metric), printable(view.algorithm), status_text(view, moment));
}

std::string trials_text(const StudyView& view) {
    const std::string planned = view.planned > 0 ? fmt::format("/{}", view.planned) : "";
    return fmt::format("{}{} trials", view.counts.ended(), planned);
}

std::string progress_text(const StudyView& view) {
    constexpr std::size_t bar_width = 40;
    if (view.planned == 0) {
        return trials_text(view);
    }
    const double share = std::min(1.0, static_cast<double>(view.counts.ended()) / static_cast<double>(view.planned));
    return fmt::format("{} {:3.0f} %  {}", console::bar(share, bar_width), 100 * share, trials_text(view));
}

std::string best_text(const StudyView& view) {
    return view.best
               ? fmt::format("best {} {:.6g} in trial {}", printable(view.metric), view.best->score, view.best->id)
               : std::string{"no result yet"};
}

std::string time_text(const StudyView& view, const ViewMoment& moment) {
    const std::string since =
        std::isfinite(view.started) ? duration(moment.now - view.started) + " since the first trial began, " : "";
    return fmt::format("{}as of {} ago", since, duration(moment.now - moment.written));
}

std::string score_text(double score) {
    return std::isfinite(score) ? fmt::format("{:.6g}", score) : "-";
}

std::string running_line(const TrialView& trial, const ViewMoment& moment) {
    const std::string reports =
        std::isfinite(trial.iteration) && trial.iteration > 0 ? fmt::format("at {:g}", trial.iteration) : "no report";
    return fmt::format("    trial {:<5} {:>12}  {:<9}  {}  {}  {}", trial.id, score_text(trial.score), reports,
                       duration(moment.now - trial.started), printable(trial.place),
                       configuration_text(trial.configuration));
}

std::string ended_line(const TrialView& trial) {
    return fmt::format("    trial {:<5} {:>12}  {:<9}  {}  {}", trial.id, score_text(trial.score),
                       printable(trial.state), duration(trial.ended - trial.started),
                       configuration_text(trial.configuration));
}

}  // namespace

std::vector<std::string> view_block(const StudyView& view, const ViewMoment& moment, std::size_t width) {
    std::vector<std::string> lines{title(view, moment), progress_text(view) + console::counts_text(view.counts),
                                   "  " + best_text(view)};
    if (view.best) {
        lines.push_back("    " + configuration_text(view.best->configuration));
    }
    lines.push_back("  " + time_text(view, moment));
    if (!view.running.empty()) {
        lines.emplace_back("  running:");
        for (const TrialView& trial : view.running) {
            lines.push_back(running_line(trial, moment));
        }
    }
    if (!view.recent.empty()) {
        lines.emplace_back("  ended last:");
        std::ranges::transform(view.recent, std::back_inserter(lines), &ended_line);
    }
    if (width > 0) {
        for (std::string& line : lines) {
            line = console::fit(line, width);
        }
    }
    return lines;
}

std::string view_line(const StudyView& view, const ViewMoment& moment) {
    return fmt::format("{}: {}, {}{}, {}, {}", printable(view.project), status_text(view, moment), trials_text(view),
                       console::counts_text(view.counts), best_text(view), time_text(view, moment));
}

}  // namespace hpogrid::launchers
