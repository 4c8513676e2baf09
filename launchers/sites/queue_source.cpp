#include "launchers/sites/queue_source.hpp"

#include "engine/config/json_text.hpp"
#include "engine/core/environment.hpp"
#include "engine/core/error.hpp"
#include "engine/results/file.hpp"
#include "launchers/core/folders.hpp"
#include "launchers/http/json_answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <span>
#include <system_error>

namespace hpogrid::launchers {
namespace fs = std::filesystem;
namespace {

using Hours = std::chrono::duration<double, std::ratio<3600>>;
constexpr Hours longest_young{6.0};

/// What a file holds that somebody else wrote; nothing where it is not there or broken.
std::optional<nlohmann::json> content(const fs::path& file) {
    std::ifstream stream{file, std::ios::binary};
    if (file.empty() || !stream) {
        return std::nullopt;
    }
    try {
        return config::parse_json(std::string{std::istreambuf_iterator<char>{stream}, {}});
    } catch (const config::JsonTextError&) {
        return std::nullopt;
    }
}

/// Caches of different addresses have different names.
fs::path cache_file(const std::string& url) {
    std::string name = url;
    std::ranges::replace_if(
        name, [](char c) { return (c < 'a' || c > 'z') && (c < '0' || c > '9') && (c < 'A' || c > 'Z'); }, '_');
    const std::string home = environment_variable("HOME");
    const fs::path folder = environment_variable("XDG_CACHE_HOME", home.empty() ? "" : home + "/.cache");
    return folder.empty() ? fs::path{} : folder / "hpogrid" / ("queues-" + name.substr(0, 100) + ".json");
}

Hours age(const fs::path& file) {
    std::error_code error;
    const auto written = fs::last_write_time(file, error);
    return error ? Hours::max() : Hours{fs::file_time_type::clock::now() - written};
}

QueueList cached(const QueueSources& sources, nlohmann::json queues) {
    return {std::move(queues), fmt::format("{} as of {:.1f} hours ago", sources.cric.url, age(sources.cache).count())};
}

/// A cache is a convenience: what goes wrong with it is nobody's concern.
void keep(const fs::path& cache, const nlohmann::json& queues) {
    try {
        const std::string text = queues.dump();
        if (!cache.empty()) {
            make_folder(cache.parent_path());
            results::replace_file(cache, std::as_bytes(std::span{text}));
        }
    } catch (const OutputError&) {
    }
}

std::optional<QueueList> from_cvmfs(const QueueSources& sources) {
    auto queues = sources.prefers_cric ? std::nullopt : content(sources.cvmfs);
    return queues ? std::optional{QueueList{std::move(*queues), "the file " + sources.cvmfs.string()}} : std::nullopt;
}

}  // namespace

QueueSources queue_sources_from_environment() {
    QueueSources sources;
    sources.cvmfs = fs::path{environment_variable("ALRB_cvmfs_repo", "/cvmfs/atlas.cern.ch/repo")} /
                    "sw/local/etc/cric_pandaqueues.json";
    sources.cric = service_from_environment("CRIC", "HPOGRID_CRIC_URL", "https://atlas-cric.cern.ch");
    sources.prefers_cric = !environment_variable("HPOGRID_CRIC_URL").empty();
    sources.cache = cache_file(sources.cric.url);
    return sources;
}

QueueList find_queues(const QueueSources& sources, bool fresh) {
    if (auto list = from_cvmfs(sources)) {
        return std::move(*list);
    }
    auto old = content(sources.cache);
    if (old && !fresh && age(sources.cache) < longest_young) {
        return cached(sources, std::move(*old));
    }
    try {
        nlohmann::json queues =
            json_get(sources.cric, {.path = "/api/atlas/pandaqueue/query/", .parameters = {{"json", "1"}}});
        keep(sources.cache, queues);
        return {std::move(queues), sources.cric.url};
    } catch (const ServiceError&) {
        if (!old || fresh) {
            throw;
        }
        return cached(sources, std::move(*old));
    }
}

std::optional<QueueList> known_queues(const QueueSources& sources) {
    if (auto list = from_cvmfs(sources)) {
        return list;
    }
    auto old = content(sources.cache);
    return old ? std::optional{cached(sources, std::move(*old))} : std::nullopt;
}

}  // namespace hpogrid::launchers
