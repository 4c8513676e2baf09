#include "engine/trials/command_evaluator.hpp"

#include "engine/core/error.hpp"
#include "engine/core/wall_clock.hpp"
#include "engine/trials/command_attempt.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <deque>
#include <utility>

namespace hpogrid::trials {
namespace {

bool is(const TrialOrder& order, TrialId trial, std::uint32_t attempt) {
    return order.trial == trial && order.attempt == attempt;
}

class CommandEvaluator final : public Evaluator {
  public:
    explicit CommandEvaluator(CommandPlan plan) : plan_{std::move(plan)} {
        slots_.resize(std::max(1U, plan_.surroundings.slots));
    }

    void start(TrialOrder order) override {
        waiting_.push_back(std::move(order));
        fill_slots(unreported_);
    }

    void stop(TrialId trial, std::uint32_t attempt, StopCause cause) override {
        for (const auto& slot : slots_) {
            if (slot && is(slot->order(), trial, attempt)) {
                slot->request_stop(cause);
            }
        }
        std::erase_if(waiting_, [&](const TrialOrder& order) {
            if (!is(order, trial, attempt)) {
                return false;
            }
            const auto outcome = cause == StopCause::stopped ? study::Outcome::stopped : study::Outcome::cancelled;
            unreported_.push_back(AttemptEnded{trial, attempt, outcome, {}, {}, wall_clock()});
            return true;
        });
    }

    void add_descriptors(std::vector<pollfd>& descriptors) const override {
        for (const auto& slot : slots_) {
            if (slot) {
                slot->add_descriptors(descriptors);
            }
        }
    }

    void advance(std::vector<TrialNews>& news) override {
        std::move(unreported_.begin(), unreported_.end(), std::back_inserter(news));
        unreported_.clear();
        for (auto& slot : slots_) {
            if (slot && slot->advance(news)) {
                slot.reset();
            }
        }
        fill_slots(news);
    }

  private:
    void fill_slots(std::vector<TrialNews>& news) {
        for (std::size_t i = 0; i < slots_.size() && !waiting_.empty(); ++i) {
            if (!slots_[i]) {
                TrialOrder order = std::move(waiting_.front());
                waiting_.pop_front();
                const SlotId id{static_cast<std::uint32_t>(i)};
                slots_[i] = std::make_unique<CommandAttempt>(plan_, tree_, id, std::move(order), news);
            }
        }
    }

    CommandPlan plan_;
    ProcessTree tree_;
    std::vector<std::unique_ptr<CommandAttempt>> slots_;
    std::deque<TrialOrder> waiting_;
    std::vector<TrialNews> unreported_;
};

}  // namespace

std::unique_ptr<Evaluator> make_command_evaluator(Command command, Surroundings surroundings) {
    std::filesystem::path program = find_program(command.program);
    if (program.empty()) {
        throw InputError{
            fmt::format("model_config: key 'script' is '{}' (no such executable), allowed: a Python script, a "
                        "plug-in (.so), or an executable file",
                        command.program)};
    }
    CommandArguments arguments{command.arguments, command.parameters};
    return std::make_unique<CommandEvaluator>(CommandPlan{std::move(command),
                                                          std::move(program),
                                                          std::move(arguments),
                                                          std::move(surroundings),
                                                          inherited_environment(),
                                                          {}});
}

}  // namespace hpogrid::trials
