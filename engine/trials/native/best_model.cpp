#include "engine/trials/native/best_model.hpp"

#include "engine/core/error.hpp"
#include "engine/trials/trial_folder.hpp"

#include <algorithm>
#include <cmath>
#include <system_error>
#include <utility>

namespace hpogrid::trials {

BestModel::BestModel(std::filesystem::path folder, std::span<const std::string_view> names, std::string metric,
                     study::Mode mode, std::optional<double> written)
    : folder_{std::move(folder)}, metric_{std::move(metric)}, mode_{mode} {
    for (const std::string_view name : names) {
        files_.push_back(folder_ / name);
    }
    std::error_code error;
    const auto exists = [&](const std::filesystem::path& file) { return std::filesystem::exists(file, error); };
    if (written && std::ranges::all_of(files_, exists)) {
        best_ = written;
        return;
    }
    for (const std::filesystem::path& file : files_) {
        std::filesystem::remove(file, error);
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
    if (const std::string problem = make_folder(folder_); !problem.empty()) {
        throw OutputError{problem};
    }
    unwritten_->writer(folder_, unwritten_->made);
    unwritten_.reset();
}

}  // namespace hpogrid::trials
