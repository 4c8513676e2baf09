// Times the batch trainer on the host. Reads lines "K WIDTH BATCH" and answers each with one line "SECONDS FLOPS": the
// time of one optimiser step of all K networks (the shortest of several measurements), and the floating-point
// operations in it. The first line that it writes is the rate of its own matrix product, in operations a second.
#include <algorithm>
#include <chrono>
#include <functional>
#include <iostream>
#include <random>
#include <thread>
#include <vector>

#include "kernels/host/matrix_product.hpp"
#include "kernels/trainer/batch_trainer.hpp"

namespace hpogrid::kernels {
namespace {

constexpr int features = 30;
constexpr int hidden_layers = 3;
constexpr double seconds_per_measurement = 0.4;
constexpr int measurements = 5;

double seconds_of(const std::function<void()>& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

Table random_table(int rows) {
    std::mt19937 generator{1};
    std::normal_distribution<float> normal;
    Table table;
    table.features = features;
    table.values.resize(static_cast<std::size_t>(rows) * features);
    std::ranges::generate(table.values, [&] { return normal(generator); });
    for (int i = 0; i < rows; ++i) {
        table.labels.push_back(static_cast<float>(i % 2));
    }
    return table;
}

/// Forward, gradient of the weights and gradient of the inputs: two operations each for every weight and row.
double operations_per_step(int width, int batch) {
    const double inputs = double{features} * width;
    const double hidden = double{hidden_layers - 1} * width * width;
    return 2.0 * batch * (2 * inputs + 3 * hidden + 3.0 * width);
}

double matrix_product_rate() {
    constexpr int size = 256;
    const std::vector<float> a(size * size, 1.0F);
    const std::vector<float> b(size * size, 1.0F);
    const auto threads = std::max(1U, std::thread::hardware_concurrency());
    double best = 0;
    for (int i = 0; i < measurements; ++i) {
        constexpr int repetitions = 100;
        const double seconds = seconds_of([&] {
            std::vector<std::jthread> workers;
            for (unsigned thread = 0; thread < threads; ++thread) {
                workers.emplace_back([&] {
                    std::vector<float> c(size * size);
                    for (int repetition = 0; repetition < repetitions; ++repetition) {
                        host::multiply({size,
                                        size,
                                        size,
                                        {a.data(), size, 1},
                                        {b.data(), size, 1},
                                        c.data(),
                                        size,
                                        c.data(),
                                        size});
                    }
                });
            }
        });
        best = std::max(best, threads * repetitions * 2.0 * size * size * size / seconds);
    }
    return best;
}

double seconds_per_step(int networks, int width, int batch) {
    const int training_rows = 16 * batch;
    BatchTrainer trainer{
        make_host_backend(), random_table(training_rows + 64), single_split(training_rows + 64, 64), {networks, 256}};
    std::vector<BatchTrainer::Trial> trials;
    for (int i = 0; i < networks; ++i) {
        TrialSettings settings;
        settings.hidden.assign(hidden_layers, width);
        settings.slot.key.trial = static_cast<std::uint32_t>(i);
        settings.slot.batch_size = batch;
        trials.push_back(*trainer.start(settings));
    }
    const auto train = [&](int steps) {
        for (const auto& trial : trials) {
            trainer.grant_steps(trial, steps);
        }
        return seconds_of([&] { trainer.train(); });
    };
    const int steps = std::max(1, static_cast<int>(seconds_per_measurement / train(1)));
    double best = train(steps) / steps;
    for (int i = 1; i < measurements; ++i) {
        best = std::min(best, train(steps) / steps);
    }
    return best;
}

}  // namespace
}  // namespace hpogrid::kernels

int main() {
    using namespace hpogrid::kernels;
    std::cout << matrix_product_rate() << std::endl;
    int networks = 0;
    int width = 0;
    int batch = 0;
    while (std::cin >> networks >> width >> batch) {
        std::cout << seconds_per_step(networks, width, batch) << ' ' << networks * operations_per_step(width, batch)
                  << std::endl;
    }
}
