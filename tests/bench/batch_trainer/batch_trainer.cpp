// Times the batch trainer: bench_batch_trainer host|cuda [one-thread]. With "one-thread" it uses one, and seconds are
// those of the processor: for a machine that is busy otherwise. The first line that it writes has the rate of its own
// matrix product (host only, else 0), in floating-point operations a second, and that of copies in the device's memory,
// in bytes a second. Then it answers each line "K WIDTH BATCH SECONDS" with the seconds of one optimiser step of all K
// networks, measured for about SECONDS.
#include <algorithm>
#include <ctime>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string_view>
#include <thread>
#include <vector>

#include "kernels/host/matrix_product.hpp"
#include "kernels/trainer/batch_trainer.hpp"

namespace hpogrid::kernels {
namespace {

constexpr int features = 30;
constexpr int hidden_layers = 3;

struct How {
    bool cuda{false};
    bool one_thread{false};
};

double now(const How& how) {
    timespec time{};
    ::clock_gettime(how.one_thread ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double seconds_of(const How& how, const std::function<void()>& work) {
    const double begin = now(how);
    work();
    return now(how) - begin;
}

std::unique_ptr<Backend> make_backend(const How& how) {
    return how.cuda ? make_cuda_backend() : make_host_backend(how.one_thread ? 1 : 0);
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

/// The best of several measurements, all threads at work.
double matrix_product_rate(const How& how) {
    constexpr int size = 256;
    constexpr int repetitions = 50;
    const std::vector<float> a(size * size, 1.0F);
    const std::vector<float> b(size * size, 1.0F);
    const auto multiply = [&] {
        std::vector<float> c(size * size);
        for (int repetition = 0; repetition < repetitions; ++repetition) {
            host::multiply(
                {size, size, size, {a.data(), size, 1}, {b.data(), size, 1}, c.data(), size, c.data(), size});
        }
    };
    const auto threads = how.one_thread ? 1U : std::max(1U, std::thread::hardware_concurrency());
    double best = 0;
    for (int i = 0; i < 5; ++i) {
        const double seconds = seconds_of(how, [&] {
            std::vector<std::jthread> workers;
            for (unsigned thread = 0; thread < threads; ++thread) {
                workers.emplace_back(multiply);
            }
        });
        best = std::max(best, threads * repetitions * 2.0 * size * size * size / seconds);
    }
    return best;
}

/// Reading and writing counted.
double copy_rate(const How& how, Backend& backend) {
    constexpr std::size_t bytes = std::size_t{256} << 20;
    std::byte* const from = backend.allocate(bytes);
    std::byte* const to = backend.allocate(bytes);
    backend.copy(from, to, bytes);
    double best = 0;
    for (int i = 0; i < 5; ++i) {
        best = std::max(best, 2.0 * bytes / seconds_of(how, [&] { backend.copy(to, from, bytes); }));
    }
    backend.release(from);
    backend.release(to);
    return best;
}

struct Cell {
    int networks{0};
    int width{0};
    int batch{0};

    friend bool operator==(const Cell&, const Cell&) = default;
};

/// Networks in training, kept from one measurement of a cell to the next.
class Training {
  public:
    Training(const How& how, const Cell& cell)
        : how_{how},
          cell_{cell},
          trainer_{make_backend(how),
                   random_table(17 * cell.batch),
                   single_split(17 * cell.batch, cell.batch),
                   {cell.networks, 256}} {
        for (int i = 0; i < cell.networks; ++i) {
            TrialSettings settings;
            settings.hidden.assign(hidden_layers, cell.width);
            settings.slot.key.trial = static_cast<std::uint32_t>(i);
            settings.slot.batch_size = cell.batch;
            trials_.push_back(*trainer_.start(settings));
        }
        step_ = train(1);
        step_ = std::min(step_, train(1));
    }

    [[nodiscard]] const Cell& cell() const { return cell_; }
    [[nodiscard]] double seconds_per_step(double seconds) {
        const int steps = std::max(1, static_cast<int>(seconds / step_));
        step_ = train(steps) / steps;
        return step_;
    }

  private:
    double train(int steps) {
        for (const auto& trial : trials_) {
            trainer_.grant_steps(trial, steps);
        }
        return seconds_of(how_, [&] { trainer_.train(); });
    }

    How how_;
    Cell cell_;
    BatchTrainer trainer_;
    std::vector<BatchTrainer::Trial> trials_;
    double step_{1.0};  ///< seconds, by the latest measurement
};

}  // namespace
}  // namespace hpogrid::kernels

int main(int count, char** arguments) {
    using namespace hpogrid::kernels;
    const std::span<char*> options{arguments, static_cast<std::size_t>(count)};
    const auto given = [&](std::string_view option) { return std::ranges::find(options, option) != options.end(); };
    const How how{given("cuda"), given("one-thread")};
    if (how.cuda && cuda_device_count() == 0) {
        std::cerr << (cuda_built() ? "no CUDA device\n" : "built without CUDA\n");
        return 77;
    }
    std::cout << (how.cuda ? 0.0 : matrix_product_rate(how)) << ' ' << copy_rate(how, *make_backend(how)) << std::endl;
    std::optional<Training> training;
    Cell cell;
    double seconds = 0;
    while (std::cin >> cell.networks >> cell.width >> cell.batch >> seconds) {
        if (!training || training->cell() != cell) {
            training.reset();
            training.emplace(how, cell);
        }
        std::cout << training->seconds_per_step(seconds) << std::endl;
    }
}
