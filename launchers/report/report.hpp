#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hpogrid::launchers {

/// One study whose results are part of a report.
struct ReportJob {
    std::string source{};  ///< the file
    std::string site{};    ///< where it ran: a host
    std::string task{};    ///< its folder, or the id of its task
    std::optional<std::uint64_t> seed{};
    std::string status{"unknown"};
    double started{0.0};  ///< seconds since the epoch, UTC
    double ended{0.0};
};

/// One trial that succeeded.
struct ReportTrial {
    std::size_t job{0};                     ///< index into Report::jobs
    std::int64_t trial{0};                  ///< its number within the job
    nlohmann::json hyperparameters;         ///< {name: value}; null where one is inactive
    std::map<std::string, double> metrics;  ///< at the trial's best report
    double score{0.0};                      ///< of the metric that was optimised; finite
    double ended{0.0};
    double duration{0.0};                          ///< seconds
    std::vector<std::pair<double, double>> curve;  ///< (iteration, optimised metric) of its reports, in their order
};

/// The results of any number of jobs of one search.
struct Report {
    std::string project;
    std::string metric;
    bool minimize{false};
    std::vector<std::string> hyperparameters;
    std::vector<std::string> metrics;  ///< the optimised one first
    std::vector<ReportJob> jobs;
    std::vector<ReportTrial> trials;  ///< best first after rank()
    std::size_t duplicates{0};        ///< trials that stood in more than one file
};

/// Adds what another file says. Trials that are there already, since one study was given twice or was resumed from a
/// copy, are counted once. Throws InputError if it is about another metric or mode.
void merge(Report& report, Report other);

/// Puts the best trial first; among equals the earlier one.
void rank(Report& report);

/// Keeps the trials whose score is from `lowest` to `highest`.
void limit_scores(Report& report, std::optional<double> lowest, std::optional<double> highest);

}  // namespace hpogrid::launchers
