// Slots that are refilled as trials stop, against a gang of slots that trains until its last trial has ended.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/trainer/batch_trainer.hpp"
#include "training_table.hpp"

namespace hpogrid::kernels {
namespace {

constexpr int slots = 9;
constexpr int trials = 27;
constexpr int eta = 3;
constexpr int last_epoch = 27;

TrialSettings settings(std::uint32_t trial) {
    TrialSettings result;
    result.hidden = {16};
    result.slot.key = {7, trial};
    result.slot.learning_rate = 1e-4F * std::pow(1.3F, static_cast<float>(trial));
    result.slot.batch_size = 64;
    return result;
}

BatchTrainer new_trainer(const Table& table) {
    return {make_host_backend(1), table, single_split(table.rows(), 100), {slots, 64}};
}

struct Contender {
    SlotState state;
    double loss;
};

struct Bracket {
    int slot_epochs{0};  ///< slots that were held, times epochs
    double best_loss{0};
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

/// Successive halving: after 1, 3, 9 epochs the better third goes on.
Bracket with_refilled_slots(const Table& table) {
    BatchTrainer trainer = new_trainer(table);
    std::vector<SlotState> waiting;
    for (std::uint32_t i = 0; i < trials; ++i) {
        const auto trial = trainer.start(settings(i)).value();
        waiting.push_back(trial.bucket->save(trial.slot));
        trainer.stop(trial);
    }
    Bracket bracket;
    std::vector<Contender> rung;
    for (int begin = 0, end = 1; end <= last_epoch; begin = end, end *= eta) {
        rung = train_rung(trainer, std::move(waiting), end - begin, bracket.slot_epochs);
        std::ranges::sort(rung, {}, &Contender::loss);
        waiting.clear();
        for (std::size_t i = 0; i < rung.size() / eta; ++i) {
            waiting.push_back(rung[i].state);
        }
    }
    bracket.best_loss = rung.front().loss;
    return bracket;
}

/// The same trials, as many as there are slots at a time, each gang for as long as its best trial takes.
Bracket with_static_gangs(const Table& table) {
    BatchTrainer trainer = new_trainer(table);
    Bracket bracket{0, 1e9};
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
            bracket.slot_epochs += slots;
        }
        for (const auto& trial : gang) {
            bracket.best_loss = std::min(bracket.best_loss, trainer.validate(trial).loss);
            trainer.stop(trial);
        }
    }
    return bracket;
}

TEST(RefilledSlots, FinishABracketInLessThanHalfTheSlotTimeOfAStaticGang) {
    const Table table = training_table(400, 6);
    const Bracket refilled = with_refilled_slots(table);
    const Bracket gang = with_static_gangs(table);
    EXPECT_LT(2 * refilled.slot_epochs, gang.slot_epochs);
    // What it saves is not paid for with a much worse network.
    EXPECT_LT(refilled.best_loss, 1.05 * gang.best_loss);
}

TEST(RefilledSlots, TrainTheSurvivorAsIfItHadBeenAlone) {
    const Table table = training_table(400, 6);
    const double best = with_refilled_slots(table).best_loss;
    std::vector<double> alone;
    for (std::uint32_t i = 0; i < trials; ++i) {
        BatchTrainer trainer = new_trainer(table);
        const auto trial = trainer.start(settings(i)).value();
        trainer.grant_epochs(trial, last_epoch);
        trainer.train();
        alone.push_back(trainer.validate(trial).loss);
    }
    EXPECT_EQ(std::ranges::count(alone, best), 1);
}

}  // namespace
}  // namespace hpogrid::kernels
