// Milliseconds of CPU time that a suggestion takes an optimiser after so many trials.
// usage: bench_suggestion_time ALGORITHM,… [TRIALS,… [JSON of algorithm_param]]
// The space has ten parameters, half of them real, the others integer, quantised and categorical. The trials before are
// random; then each round tells a result and asks, while eight trials are out. The median of the rounds counts.

#include "engine/optimizers/registry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

namespace hpogrid::optimizers {
namespace {

const space::Space ten_parameters{{{"a", space::Uniform{0, 1}, {}},
                                   {"b", space::Uniform{-5, 5}, {}},
                                   {"c", space::LogUniform{1e-5, 1, 10}, {}},
                                   {"d", space::LogUniform{1e-3, 1e3, 10}, {}},
                                   {"e", space::Normal{0, 1}, {}},
                                   {"f", space::UniformInt{1, 512}, {}},
                                   {"g", space::UniformInt{1, 8}, {}},
                                   {"h", space::QUniform{0, 1, 0.05}, {}},
                                   {"i", space::Categorical{{"x", "y", "z"}}, {}},
                                   {"j", space::Categorical{{true, false}}, {}}}};

double score(const space::Point& point) {
    std::vector<double> unit(ten_parameters.dimensions());
    ten_parameters.encode(point, unit);
    double sum = 0.0;
    for (std::size_t i = 0; i < unit.size(); ++i) {
        sum += std::pow(unit[i] - 0.1 * static_cast<double>(i), 2);
    }
    return sum;
}

double cpu_milliseconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

class Rounds {
  public:
    explicit Rounds(Optimizer& optimizer)
        : optimizer_{optimizer}, random_{make_optimizer("random", {.space = ten_parameters, .parameters = none_})} {}

    /// Trials from elsewhere.
    void fill(std::size_t trials) {
        while (next_ < trials) {
            take(random_->ask(1).at(0).point);
            finish(next_ - 1);
        }
    }
    /// Milliseconds of a tell and an ask, while eight trials are out.
    double round() {
        const double began = cpu_milliseconds();
        if (open_.size() >= 8) {
            const std::uint32_t trial = open_.front();
            open_.erase(open_.begin());
            finish(trial);
        }
        const Suggestion suggestion = optimizer_.ask(1).at(0);
        const double took = cpu_milliseconds() - began;
        open_.push_back(next_);
        take(suggestion.point);
        return took;
    }

  private:
    void take(const space::Point& point) {
        points_.push_back(point);
        optimizer_.tell({.kind = Observation::Kind::pending, .trial = TrialId{next_++}, .point = point});
    }
    void finish(std::uint32_t trial) {
        optimizer_.tell({.kind = Observation::Kind::finished, .trial = TrialId{trial}, .score = score(points_[trial])});
    }

    Optimizer& optimizer_;
    nlohmann::json none_;
    std::unique_ptr<Optimizer> random_;
    std::vector<space::Point> points_;
    std::vector<std::uint32_t> open_;
    std::uint32_t next_{0};
};

double milliseconds(const std::string& algorithm, std::size_t trials, const nlohmann::json& parameters) {
    const auto optimizer = make_optimizer(algorithm, {.space = ten_parameters, .parameters = parameters, .seed = 1});
    Rounds rounds{*optimizer};
    rounds.fill(trials);
    constexpr int warm_up = 9;
    constexpr int counted = 31;
    std::vector<double> times;
    for (int i = 0; i < warm_up + counted; ++i) {
        times.push_back(rounds.round());
    }
    times.erase(times.begin(), times.begin() + warm_up);
    std::ranges::nth_element(times, times.begin() + counted / 2);
    return times[counted / 2];
}

std::vector<std::string> parts(const std::string& list) {
    std::istringstream in{list};
    std::vector<std::string> all;
    for (std::string part; std::getline(in, part, ',');) {
        all.push_back(part);
    }
    return all;
}

}  // namespace
}  // namespace hpogrid::optimizers

int main(int argc, char** argv) {
    using namespace hpogrid::optimizers;
    if (argc < 2) {
        fmt::print(stderr, "usage: bench_suggestion_time ALGORITHM,... [TRIALS,... [algorithm_param]]\n");
        return 2;
    }
    const auto parameters = argc > 3 ? nlohmann::json::parse(argv[3]) : nlohmann::json{};
    for (const std::string& algorithm : parts(argv[1])) {
        for (const std::string& trials : parts(argc > 2 ? argv[2] : "100,1000,10000,100000")) {
            fmt::print("{:12} {:>8} trials {:10.3f} ms\n", algorithm, trials,
                       milliseconds(algorithm, std::stoul(trials), parameters));
        }
    }
}
