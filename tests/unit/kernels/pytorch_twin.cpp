// Trains one network and writes down all that pytorch_twin_test.py needs to do the same, as raw float32 and int32
// files. usage: pytorch_twin FOLDER LOSS ACTIVATION OPTIMIZER SCHEDULE LAYER_NORM BATCH_SIZE STEPS UNITS…
#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "kernels/api/permutation.hpp"
#include "kernels/trainer/batch_trainer.hpp"
#include "training_table.hpp"

namespace hpogrid::kernels {
namespace {

constexpr std::array loss_names{"binary_cross_entropy", "cross_entropy", "mean_squared_error"};
constexpr std::array activation_names{"relu", "gelu", "silu", "tanh", "elu", "sigmoid", "leaky_relu"};
constexpr std::array optimizer_names{"sgd", "adam", "adamw", "rmsprop"};
constexpr std::array schedule_names{"constant", "cosine", "step"};

template <class Enum, std::size_t Count>
Enum named(const std::array<const char*, Count>& names, std::string_view name) {
    const auto found = std::ranges::find(names, name, [](const char* each) { return std::string_view{each}; });
    if (found == names.end()) {
        throw std::invalid_argument{"unknown name " + std::string{name}};
    }
    return static_cast<Enum>(found - names.begin());
}

template <class T>
void write(const std::filesystem::path& path, const std::vector<T>& values) {
    std::ofstream file{path, std::ios::binary};
    file.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(T)));
}

std::vector<float> all_parameters(const Network& network) {
    std::vector<float> all;
    for (const LayerWeights& layer : network) {
        for (const auto* part : {&layer.weights, &layer.biases, &layer.gains, &layer.shifts}) {
            all.insert(all.end(), part->begin(), part->end());
        }
    }
    return all;
}

int classes_of(Loss loss) {
    return loss == Loss::cross_entropy ? 4 : loss == Loss::mean_squared_error ? 0 : 2;
}

void run(const std::vector<std::string>& arguments) {
    const std::filesystem::path folder = arguments.at(1);
    TrialSettings settings;
    settings.hidden.clear();
    settings.slot.key = {2026, 11};
    settings.slot.loss = named<Loss>(loss_names, arguments.at(2));
    settings.slot.activation = named<Activation>(activation_names, arguments.at(3));
    settings.slot.optimizer = named<Optimizer>(optimizer_names, arguments.at(4));
    settings.slot.schedule = named<Schedule>(schedule_names, arguments.at(5));
    settings.normalization = static_cast<Normalization>(std::stoi(arguments.at(6)));
    settings.slot.batch_size = std::stoi(arguments.at(7));
    const int steps = std::stoi(arguments.at(8));
    std::ranges::transform(arguments.begin() + 9, arguments.end(), std::back_inserter(settings.hidden),
                           [](const std::string& units) { return std::stoi(units); });
    settings.slot.learning_rate = 0.005F;
    settings.slot.beta2 = 0.99F;
    settings.slot.weight_decay = 0.01F;
    settings.slot.decay_factor = 0.3F;
    settings.slot.decay_steps = 40;
    settings.slot.warmup_steps = 5;

    constexpr int rows = 700;
    constexpr int validation_rows = 100;
    const Table table = training_table(rows, 12, classes_of(settings.slot.loss));
    write(folder / "features", table.values);
    write(folder / "labels", table.labels);
    write(folder / "weights", table.weights);

    // PyTorch normalises a whole batch at once.
    const bool whole = settings.normalization == Normalization::batch;
    BatchTrainer trainer{make_host_backend(1), table, single_split(rows, validation_rows), {1, whole ? rows : 128}};
    const auto trial = trainer.start(settings);
    write(folder / "initial", all_parameters(trial->bucket->network(trial->slot)));
    std::vector<float> losses;
    for (int step = 0; step < steps; ++step) {
        trainer.grant_steps(*trial, 1);
        trainer.train();
        losses.push_back(static_cast<float>(trainer.take_training_loss(*trial)));
    }
    write(folder / "losses", losses);
    write(folder / "trained", all_parameters(trial->bucket->network(trial->slot)));
    const SlotMetrics metrics = trainer.validate(*trial);
    write(folder / "metrics", std::vector<double>{metrics.loss, metrics.accuracy, metrics.auc});

    std::vector<int> order;
    for (std::uint32_t epoch = 0; order.size() < static_cast<std::size_t>(steps) * (rows - validation_rows); ++epoch) {
        const Permutation permutation{settings.slot.key, epoch, rows - validation_rows};
        for (std::uint32_t i = 0; i < rows - validation_rows; ++i) {
            order.push_back(static_cast<int>(permutation(i)));
        }
    }
    write(folder / "order", order);
}

}  // namespace
}  // namespace hpogrid::kernels

int main(int count, char** arguments) {
    try {
        hpogrid::kernels::run({arguments, arguments + count});
    } catch (const std::exception& error) {
        std::cerr << "pytorch_twin: " << error.what() << '\n';
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
