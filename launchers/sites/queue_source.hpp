#pragma once

#include "launchers/http/service.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace hpogrid::launchers {

/// Where lists of queues come from.
struct QueueSources {
    std::filesystem::path cvmfs;  ///< a file that every grid node has
    std::filesystem::path cache;  ///< what CRIC answered last
    Service cric;
    bool prefers_cric{false};  ///< to the file of CVMFS
};

/// `cric_pandaqueues.json` below $ALRB_cvmfs_repo (/cvmfs/atlas.cern.ch/repo); CRIC at $HPOGRID_CRIC_URL, which then is
/// preferred, or https://atlas-cric.cern.ch; the cache in $XDG_CACHE_HOME/hpogrid (~/.cache/hpogrid).
[[nodiscard]] QueueSources queue_sources_from_environment();

/// A list of queues, and what people should know of where it comes from.
struct QueueList {
    nlohmann::json queues;  ///< {name: {…}}
    std::string origin;     ///< "the file …", "https://… as of 2.0 hours ago"
};

/// The file of CVMFS, else what CRIC answers, from the cache where that is younger than six hours and `fresh` is not
/// said. Where CRIC cannot be reached, the cache serves however old it is. Throws ServiceError where there is nothing.
[[nodiscard]] QueueList find_queues(const QueueSources& sources, bool fresh);

/// What can be had without asking anybody.
[[nodiscard]] std::optional<QueueList> known_queues(const QueueSources& sources);

}  // namespace hpogrid::launchers
