#include "launchers/report/script_data.hpp"

namespace hpogrid::launchers {

using nlohmann::ordered_json;

ordered_json script_data(const Report& report) {
    ordered_json data;
    data["project"] = report.project;
    data["metric"] = report.metric;
    data["minimize"] = report.minimize;
    data["hyperparameters"] = report.hyperparameters;
    data["jobs"] = ordered_json::array();
    for (const ReportJob& job : report.jobs) {
        data["jobs"].push_back({{"source", job.source},
                                {"site", job.site},
                                {"task", job.task},
                                {"seed", job.seed ? ordered_json(*job.seed) : ordered_json(nullptr)}});
    }
    data["trials"] = ordered_json::array();
    for (const ReportTrial& trial : report.trials) {
        data["trials"].push_back({{"job", trial.job},
                                  {"trial", trial.trial},
                                  {"hyperparameters", trial.hyperparameters},
                                  {"metrics", trial.metrics},
                                  {"score", trial.score},
                                  {"ended", trial.ended},
                                  {"duration", trial.duration},
                                  {"curve", trial.curve}});
    }
    return data;
}

}  // namespace hpogrid::launchers
