// An optimiser of the registry behind JSON lines, for the quality benchmark: one request a line on standard input, one
// answer a line on standard output. README.md of this folder describes them. A refused request answers {"error": …}
// and changes nothing; the end of the input ends the program.

#include "engine/config/json_text.hpp"
#include "engine/config/located.hpp"
#include "engine/config/search_space.hpp"
#include "engine/core/error.hpp"
#include "engine/optimizers/registry.hpp"
#include "engine/space/space.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cstdint>
#include <ctime>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hpogrid {
namespace {

using nlohmann::json;
using optimizers::Observation;

/// CPU time of all threads of this process so far.
double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// The optimiser of one study, with who numbers its trials.
class Session {
  public:
    explicit Session(const json& request)
        : space_{config::read_search_space({request.at("search_space"), "request", "search_space"})},
          parameters_(request.value("algorithm_param", json::object())),
          optimizer_{optimizers::make_optimizer(request.at("algorithm").get<std::string>(),
                                                {.space = space_,
                                                 .parameters = parameters_,
                                                 .seed = request.value("seed", std::uint64_t{0}),
                                                 .num_trials = request.value("trials", std::size_t{100}),
                                                 .concurrency = request.value("workers", std::size_t{1})})} {}

    /// Suggestions count as pending at once: the caller need not tell them back.
    json ask(std::size_t count) {
        const double began = cpu_seconds();
        std::vector<optimizers::Suggestion> suggestions = optimizer_->ask(count);
        std::vector<std::uint32_t> trials;
        for (const optimizers::Suggestion& suggestion : suggestions) {
            trials.push_back(next_trial_++);
            announce(trials.back(), suggestion.point);
        }
        const double cpu = cpu_seconds() - began;
        json answer{{"suggestions", json::array()}, {"cpu", cpu}};
        for (std::size_t i = 0; i < suggestions.size(); ++i) {
            answer["suggestions"].push_back({{"trial", trials[i]},
                                             {"configuration", space_.configuration(suggestions[i].point)},
                                             {"origin", suggestions[i].origin}});
        }
        return answer;
    }

    json tell(const json& tells) {
        std::vector<Observation> observations;
        for (const json& tell : tells) {
            observations.push_back(read(tell));
        }
        const double began = cpu_seconds();
        for (const Observation& observation : observations) {
            optimizer_->tell(observation);
        }
        return {{"cpu", cpu_seconds() - began}};
    }

  private:
    void announce(std::uint32_t trial, const space::Point& point) {
        optimizer_->tell(
            {.kind = Observation::Kind::pending, .trial = TrialId{trial}, .point = point, .score = 0, .iteration = 0});
    }

    Observation read(const json& tell) {
        Observation observation{.kind = kind(tell.at("kind").get<std::string>()),
                                .trial = TrialId{tell.at("trial").get<std::uint32_t>()},
                                .point = {},
                                .score = tell.value("score", 0.0),
                                .iteration = tell.value("iteration", 1.0)};
        const std::uint32_t trial = observation.trial.value;
        if (observation.kind == Observation::Kind::pending) {
            observation.point = space_.point(tell.at("configuration"));
            next_trial_ = std::max(next_trial_, trial + 1);
        } else if (trial >= next_trial_) {
            throw InputError{
                fmt::format("trial {} is unknown, allowed: one that was suggested or told pending", trial)};
        }
        return observation;
    }

    static Observation::Kind kind(std::string_view name) {
        using Kind = Observation::Kind;
        constexpr std::pair<std::string_view, Kind> kinds[] = {{"pending", Kind::pending},
                                                               {"intermediate", Kind::intermediate},
                                                               {"finished", Kind::finished},
                                                               {"failed", Kind::failed},
                                                               {"withdrawn", Kind::withdrawn}};
        for (const auto& [known, value] : kinds) {
            if (known == name) {
                return value;
            }
        }
        throw InputError{
            fmt::format("kind '{}' is unknown, allowed: pending, intermediate, finished, failed, withdrawn", name)};
    }

    space::Space space_;
    json parameters_;
    std::unique_ptr<optimizers::Optimizer> optimizer_;
    std::uint32_t next_trial_{0};
};

json names() {
    json list = json::array();
    for (const optimizers::AlgorithmEntry& entry : optimizers::algorithms()) {
        list.push_back(entry.name);
    }
    return list;
}

json answer(const json& request, std::unique_ptr<Session>& session) {
    if (request.contains("names")) {
        return {{"names", names()}};
    }
    if (request.contains("make")) {
        session = std::make_unique<Session>(request.at("make"));
        return {{"made", true}};
    }
    if (!session) {
        throw InputError{"there is no optimiser yet, allowed: {\"make\": …} first"};
    }
    if (request.contains("ask")) {
        return session->ask(request.at("ask").get<std::size_t>());
    }
    return session->tell(request.at("tell"));
}

}  // namespace
}  // namespace hpogrid

int main() {
    std::ios::sync_with_stdio(false);
    std::unique_ptr<hpogrid::Session> session;
    for (std::string line; std::getline(std::cin, line);) {
        nlohmann::json reply;
        try {
            reply = hpogrid::answer(hpogrid::config::parse_json(line), session);
        } catch (const std::exception& error) {
            reply = {{"error", error.what()}};
        }
        std::cout << reply.dump() << std::endl;
    }
}
