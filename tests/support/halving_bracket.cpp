#include "tests/support/halving_bracket.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace hpogrid::kernels::bracket {
namespace {

constexpr int eta = 3;

struct Contender {
    SlotState state;
    double loss;
};

/// Trains each of them so many epochs, whichever slot is free, and keeps their states.
std::vector<Contender> train_rung(BatchTrainer& trainer, std::vector<SlotState> waiting, int epochs, int& slot_epochs) {
    std::vector<Contender> done;
    for (std::size_t first = 0; first < waiting.size(); first += slots) {
        std::vector<BatchTrainer::Trial> running;
        for (std::size_t i = first; i < std::min(first + slots, waiting.size()); ++i) {
            running.push_back(trainer.resume(waiting[i]).value());
        }
        for (int epoch = 0; epoch < epochs; ++epoch) {
            for (const auto& trial : running) {
                trainer.grant_epochs(trial, 1);
            }
            trainer.train();
            slot_epochs += slots;
        }
        for (const auto& trial : running) {
            done.push_back({trial.bucket->save(trial.slot), trainer.validate(trial).loss});
            trainer.stop(trial);
        }
    }
    return done;
}

}  // namespace

TrialSettings settings(std::uint32_t trial) {
    TrialSettings result;
    result.hidden = {16};
    result.slot.key = {7, trial};
    result.slot.learning_rate = 1e-4F * std::pow(1.3F, static_cast<float>(trial));
    result.slot.batch_size = 64;
    return result;
}

Outcome with_refilled_slots(BatchTrainer& trainer) {
    std::vector<SlotState> waiting;
    for (std::uint32_t i = 0; i < trials; ++i) {
        const auto trial = trainer.start(settings(i)).value();
        waiting.push_back(trial.bucket->save(trial.slot));
        trainer.stop(trial);
    }
    Outcome outcome;
    std::vector<Contender> rung;
    for (int begin = 0, end = 1; end <= last_epoch; begin = end, end *= eta) {
        rung = train_rung(trainer, std::move(waiting), end - begin, outcome.slot_epochs);
        std::ranges::sort(rung, {}, &Contender::loss);
        waiting.clear();
        for (std::size_t i = 0; i < rung.size() / eta; ++i) {
            waiting.push_back(rung[i].state);
        }
    }
    outcome.best_loss = rung.front().loss;
    return outcome;
}

Outcome with_static_gangs(BatchTrainer& trainer) {
    Outcome outcome{0, 1e9};
    for (std::uint32_t first = 0; first < trials; first += slots) {
        std::vector<BatchTrainer::Trial> gang;
        for (std::uint32_t i = first; i < first + slots; ++i) {
            gang.push_back(trainer.start(settings(i)).value());
        }
        for (int epoch = 0; epoch < last_epoch; ++epoch) {
            for (const auto& trial : gang) {
                trainer.grant_epochs(trial, 1);
            }
            trainer.train();
            outcome.slot_epochs += slots;
        }
        for (const auto& trial : gang) {
            outcome.best_loss = std::min(outcome.best_loss, trainer.validate(trial).loss);
            trainer.stop(trial);
        }
    }
    return outcome;
}

}  // namespace hpogrid::kernels::bracket
