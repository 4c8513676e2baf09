// What results cost: time to write results.h5 and the metadata, and how long taking a snapshot stalls the controller.
// usage: bench_results_file <trials>

#include "engine/results/results_file.hpp"
#include "engine/results/metadata.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/results/recorded_study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace {

using namespace hpogrid;
using namespace hpogrid::results;

constexpr std::uint32_t workers = 64;
constexpr int reports_of_a_trial = 3;
constexpr std::size_t trials_between_snapshots = 10'000;

template <class Work>
double seconds_of(Work work) {
    const auto began = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

RecordedStudy make_study(std::size_t trials) {
    RecordedStudy run{{{"lr", space::Uniform{0, 1}, {}},
                       {"units", space::UniformInt{1, 512}, {}},
                       categorical("optimizer", {"adam", "sgd"}),
                       categorical("batch_size", {16, 32})},
                      trials};
    for (std::uint32_t worker = 1; worker <= workers; ++worker) {
        run.join(worker, 1, fmt::format("node{}.example.org", worker / 8), fmt::format("NVIDIA H200 GPU-{}", worker));
    }
    return run;
}

/// One of ten trials fails.
void evaluate(RecordedStudy& run, std::uint32_t id) {
    run.suggest({1.0 / (1.0 + id), std::int64_t{id % 512 + 1}, space::Category{id % 2}, space::Category{0}});
    run.start(id, id % workers + 1);
    for (int iteration = 1; iteration <= reports_of_a_trial; ++iteration) {
        run.report(id, {{"loss", 1.0 / (id + iteration)}, {"accuracy", 0.5}}, iteration);
    }
    run.end(id, id % 10 == 0 ? study::Outcome::failed : study::Outcome::completed, id % 10 == 0 ? "ValueError" : "");
}

}  // namespace

int main(int argument_count, char** arguments) {
    const std::size_t trials = argument_count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 100'000;
    RecordedStudy run = make_study(trials);
    double stall = 0.0;
    for (std::uint32_t id = 0; id < trials; ++id) {
        evaluate(run, id);
        if (id % trials_between_snapshots == 0 || id + 1 == trials) {
            stall = std::max(stall, seconds_of([&] { static_cast<void>(run.snapshot()); }));
        }
    }
    const Snapshot snapshot = run.snapshot();
    const tests::TemporaryFolder folder;
    const auto path = folder.path() / "results.h5";
    const double file = seconds_of([&] { write_results_file(path, snapshot); });
    const double metadata = seconds_of([&] { write_metadata(folder.path() / "userJobMetadata.json", snapshot); });
    fmt::print("(e) results.h5 of {} trials, {} reports each: {:.2f} s, {:.0f} MB\n", trials, reports_of_a_trial, file,
               static_cast<double>(std::filesystem::file_size(path)) / 1e6);
    fmt::print("(e) userJobMetadata.json of {} trials: {:.2f} s\n", trials, metadata);
    fmt::print("(e) longest stall of the controller by a snapshot: {:.2f} ms\n", 1e3 * stall);
    return 0;
}
