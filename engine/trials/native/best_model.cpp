#include "engine/trials/native/best_model.hpp"

#include "engine/core/error.hpp"
#include "engine/trials/trial_folder.hpp"

#include <algorithm>
#include <cmath>
#include <system_error>
#include <utility>

namespace hpogrid::trials {

BestModel::BestModel(std::filesystem::path file, std::string metric, study::Mode mode, std::optional<double> written)
    : file_{std::move(file)}, metric_{std::move(metric)}, mode_{mode} {
    std::error_code error;
    if (written && std::filesystem::exists(file_, error)) {
        best_ = written;
    } else {
        std::filesystem::remove(file_, error);
    }
}

void BestModel::take(const study::Report& report, const std::function<ModelWriter()>& snapshot) {
    const auto reported = std::ranges::find(report.metrics, metric_, [](const auto& entry) { return entry.first; });
    const double objective = reported == report.metrics.end() ? study::Trial::missing : reported->second;
    const bool better = std::isfinite(objective) && (!best_ || score(mode_, objective) < score(mode_, *best_));
    if (!better && !metric_.empty()) {
        return;
    }
    best_ = objective;
    unwritten_ = Unwritten{snapshot(), {.iteration = report.iteration, .metric = metric_, .objective = objective}};
}

void BestModel::write() {
    if (!unwritten_) {
        return;
    }
    if (const std::string problem = make_folder(file_.parent_path()); !problem.empty()) {
        throw OutputError{problem};
    }
    unwritten_->writer(file_, unwritten_->made);
    unwritten_.reset();
}

}  // namespace hpogrid::trials
