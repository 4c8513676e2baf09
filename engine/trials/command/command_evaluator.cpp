#include "engine/trials/command/command_evaluator.hpp"

#include "engine/core/error.hpp"
#include "engine/core/find_program.hpp"
#include "engine/trials/command/command_attempt.hpp"
#include "engine/trials/order_queue.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace hpogrid::trials {
namespace {

class CommandEvaluator final : public Evaluator {
  public:
    explicit CommandEvaluator(CommandPlan plan) : plan_{std::move(plan)} {
        slots_.resize(std::max(1U, plan_.surroundings.slots));
    }

    void start(TrialOrder order) override {
        waiting_.push(std::move(order));
        fill_slots(unreported_);
    }

    void stop(TrialId trial, std::uint32_t attempt, StopCause cause) override {
        for (const auto& slot : slots_) {
            if (slot && is_for(slot->order(), trial, attempt)) {
                slot->request_stop(cause);
            }
        }
        waiting_.stop(trial, attempt, cause, unreported_);
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
                const SlotId id{static_cast<std::uint32_t>(i)};
                slots_[i] = std::make_unique<CommandAttempt>(plan_, tree_, id, *waiting_.pop(), news);
            }
        }
    }

    CommandPlan plan_;
    ProcessTree tree_;
    std::vector<std::unique_ptr<CommandAttempt>> slots_;
    OrderQueue waiting_;
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
