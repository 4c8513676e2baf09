// How long a native trial needs to go on from a checkpoint: from its file, and from memory.
// bench_native_resume [FOLDER [UNITS [LAYERS]]]: the checkpoint lies in FOLDER, the system's for temporary files if
// none is named; a network of 4 layers of 512 units and Adam.
#include "engine/trials/native/native_checkpoint.hpp"
#include "engine/trials/native/native_models.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace {

using namespace hpogrid;
using namespace hpogrid::trials;
using nlohmann::json;

constexpr int repetitions = 21;

void write_events(const std::filesystem::path& file) {
    std::ofstream stream{file};
    for (int column = 0; column < 28; ++column) {
        stream << 'x' << column << ',';
    }
    stream << "label\n";
    for (int row = 0; row < 512; ++row) {
        for (int column = 0; column < 28; ++column) {
            stream << std::sin(0.61803 * (row + 1) * (column + 1)) << ',';
        }
        stream << row % 2 << '\n';
    }
}

/// The time of one call in the middle of many, in milliseconds.
template <class Call>
double median_time(Call call) {
    std::vector<double> times;
    for (int i = 0; i < repetitions; ++i) {
        const auto began = std::chrono::steady_clock::now();
        call();
        times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count());
    }
    std::ranges::nth_element(times, times.begin() + repetitions / 2);
    return times[repetitions / 2];
}

void measure(const std::filesystem::path& folder, const json& configuration) {
    write_events(folder / "events.csv");
    Surroundings surroundings;
    surroundings.data_folder = folder;
    const auto model = make_native_model({"mlp", R"({"data": "events.csv"})"}, surroundings);
    const SlotId slot{0};
    const kernels::TrialKey key{1, 1};
    model->begin(slot, configuration, key, {});
    static_cast<void>(model->train(std::vector{slot}));
    NativeCheckpoint checkpoint;
    checkpoint.iteration = 1;
    checkpoint.state = model->save(slot);
    model->end(slot);
    const auto go_on = [&](const NativeCheckpoint& from) {
        model->begin(slot, configuration, key, from.state);
        model->end(slot);
    };
    const auto saved = folder / "000001_1_1";
    const double save = median_time([&] { save_checkpoint(saved, checkpoint); });
    const double file = median_time([&] { go_on(load_checkpoint(saved)); });
    const double memory = median_time([&] { go_on(checkpoint); });
    fmt::print(
        "state of {:.1f} MB: saved in {:.2f} ms; a trial goes on from the file in {:.2f} ms, from memory in {:.2f} "
        "ms\n",
        static_cast<double>(checkpoint.state.size()) / 1e6, save, file, memory);
}

}  // namespace

int main(int argument_count, char** arguments) {
    const std::vector<std::string> given{arguments + 1, arguments + argument_count};
    std::string folder =
        (std::filesystem::path{given.empty() ? std::filesystem::temp_directory_path().string() : given[0]} /
         "hpogrid-resume-XXXXXX")
            .string();
    if (::mkdtemp(folder.data()) == nullptr) {
        fmt::print(stderr, "{}: cannot be made\n", folder);
        return 2;
    }
    const json configuration{{"hidden", given.size() > 1 ? std::atoi(given[1].c_str()) : 512},
                             {"layers", given.size() > 2 ? std::atoi(given[2].c_str()) : 4},
                             {"optimizer", "adam"},
                             {"data", "events.csv"}};
    measure(folder, configuration);
    std::filesystem::remove_all(folder);
}
