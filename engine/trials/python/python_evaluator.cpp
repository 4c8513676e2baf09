#include "engine/trials/python/python_evaluator.hpp"

#include "engine/trials/attempt_watch.hpp"
#include "engine/trials/order_queue.hpp"
#include "engine/trials/process/process_tree.hpp"
#include "engine/trials/python/prepared_process.hpp"
#include "engine/trials/python/python_attempt.hpp"
#include "engine/trials/python/python_host.hpp"
#include "engine/trials/python/python_installation.hpp"
#include "engine/trials/trial_environment.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <variant>

namespace hpogrid::trials {
namespace {

constexpr std::size_t longest_quote = 4096;
/// Then the next one waits for an order: a fresh interpreter whose import crashes would be started without end.
constexpr int most_spare_deaths = 3;
/// What cannot be killed for so long hangs in the kernel.
constexpr std::chrono::seconds longest_ending{10};

/// What a slot has: the attempt that runs, and the process that waits for the next one.
struct Slot {
    std::unique_ptr<PythonAttempt> attempt;
    std::optional<PreparedProcess> kept;  ///< has an object from an earlier trial that can begin the next one
    std::optional<PreparedProcess> spare;
    int spare_deaths{0};  ///< of waiting processes that died, one after the other
};

class PythonEvaluator final : public Evaluator {
  public:
    PythonEvaluator(PythonScript script, Surroundings surroundings)
        : script_{std::move(script)}, surroundings_{std::move(surroundings)}, installation_{find_python()} {
        slots_.resize(std::max(1U, surroundings_.slots));
        start_host();
    }
    ~PythonEvaluator() override {
        slots_.clear();
        leaving_.clear();
        if (host_) {
            tree_.remove(host_->id());
            host_.reset();
        }
        // With the host gone no child is known any more, so this finds what is left of trials and import alike.
        const auto deadline = std::chrono::steady_clock::now() + longest_ending;
        while (!tree_.end({}) && std::chrono::steady_clock::now() < deadline) {
            ::poll(nullptr, 0, 1);
        }
    }

    void start(TrialOrder order) override {
        waiting_.push(std::move(order));
        fill_slots(unreported_);
    }

    void stop(TrialId trial, std::uint32_t attempt, StopCause cause) override {
        for (const Slot& slot : slots_) {
            if (slot.attempt && is_for(slot.attempt->order(), trial, attempt)) {
                slot.attempt->request_stop(cause);
            }
        }
        waiting_.stop(trial, attempt, cause, unreported_);
    }

    void proceed(TrialId trial, std::uint32_t attempt, double milestone) override {
        for (const Slot& slot : slots_) {
            if (slot.attempt && is_for(slot.attempt->order(), trial, attempt)) {
                slot.attempt->proceed(milestone);
            }
        }
    }

    void leave(TrialId trial, std::uint32_t attempt) override {
        for (const Slot& slot : slots_) {
            if (slot.attempt && is_for(slot.attempt->order(), trial, attempt)) {
                slot.attempt->leave();
            }
        }
    }

    void add_descriptors(std::vector<pollfd>& descriptors) const override {
        if (host_) {
            host_->add_descriptors(descriptors);
        }
        for (const Slot& slot : slots_) {
            if (slot.attempt) {
                slot.attempt->add_descriptors(descriptors);
            }
        }
        for (const auto& attempt : leaving_) {
            attempt->add_descriptors(descriptors);
        }
    }

    [[nodiscard]] std::optional<std::string> hindrance() const override {
        return import_error_ && !host_ ? std::optional{cannot_be_used(script_, installation_, *import_error_)}
                                       : std::nullopt;
    }

    void advance(std::vector<TrialNews>& news) override {
        std::ranges::move(std::exchange(unreported_, {}), std::back_inserter(news));
        listen_to_host();
        for (std::size_t i = 0; i < slots_.size(); ++i) {
            advance_slot(i, news);
        }
        for (const auto& attempt : leaving_) {
            attempt->advance(tree_, news);
        }
        std::erase_if(leaving_, [](const auto& attempt) { return attempt->gone(); });
        std::erase_if(strays_, [&](const ProcessFamily& family) { return tree_.end(family); });
        fill_slots(news);
    }

  private:
    void start_host() {
        host_ready_ = false;
        import_watch_ = AttemptWatch{surroundings_.limits, std::chrono::steady_clock::now()};
        host_.emplace(installation_, script_, surroundings_);
        tree_.add(host_->id());
    }

    void listen_to_host() {
        if (!host_) {
            return;
        }
        std::vector<HostNews> said;
        host_->receive(said);
        host_->drain_output([&](std::string_view text) { remember(text); });
        for (const HostNews& one : said) {
            std::visit([this](const auto& news) { on(news); }, one);
        }
        if (const auto exit = host_->try_wait(); exit && !host_->connected()) {
            on_host_death(*exit);
        } else if (!host_ready_) {
            limit_import();
        }
    }

    /// An import that hangs would keep the worker for ever: it gets the time that a trial gets.
    void limit_import() {
        if (import_watch_.advance(std::chrono::steady_clock::now()) == AttemptWatch::Step::none) {
            return;
        }
        tree_.remove(host_->id());
        host_.reset();
        import_error_ =
            with_output(fmt::format("the import of {} {}", script_.script.string(), import_watch_.reason()));
    }

    [[nodiscard]] std::string with_output(const std::string& what) const {
        return host_output_.empty() ? what + "; it printed nothing" : what + "; it printed:\n" + host_output_;
    }

    void remember(std::string_view text) {
        import_watch_.heard(std::chrono::steady_clock::now());
        host_output_ += text;
        if (host_output_.size() > longest_quote) {
            host_output_.erase(0, host_output_.size() - longest_quote);
        }
    }

    void on(const HostReady&) {
        host_ready_ = true;
        host_deaths_ = 0;
        prepare_spares();
    }
    void on(const HostImportError& error) { import_error_ = error.text; }
    void on(const HostPrepared& prepared) {
        for (Slot& slot : slots_) {
            if (slot.spare && slot.spare->number == prepared.number) {
                slot.spare->process = prepared.process;
            }
        }
        if (PythonAttempt* attempt = find([&](const auto& a) { return a.number() == prepared.number; })) {
            attempt->on_prepared(prepared.process);
        }
    }
    void on(const HostNotPrepared& refused) {
        for (Slot& slot : slots_) {
            if (slot.spare && slot.spare->number == refused.number) {
                slot.spare.reset();
            }
        }
        if (PythonAttempt* attempt = find([&](const auto& a) { return a.number() == refused.number; })) {
            attempt->on_lost("no process could be made for it: " + refused.error);
        }
    }
    void on(const HostExited& exited) {
        for (Slot& slot : slots_) {
            if (slot.spare && slot.spare->process == exited.process) {
                slot.spare.reset();
                ++slot.spare_deaths;
            }
            if (slot.kept && slot.kept->process == exited.process) {
                strays_.push_back({exited.process, slot.kept->token});
                slot.kept.reset();
            }
        }
        if (PythonAttempt* attempt = find([&](const auto& a) { return a.process() == exited.process; })) {
            attempt->on_exit(exited.exit);
        }
    }

    template <class Predicate>
    PythonAttempt* find(Predicate predicate) {
        for (const Slot& slot : slots_) {
            if (slot.attempt && predicate(*slot.attempt)) {
                return slot.attempt.get();
            }
        }
        const auto found = std::ranges::find_if(leaving_, [&](const auto& attempt) { return predicate(*attempt); });
        return found != leaving_.end() ? found->get() : nullptr;
    }

    /// The kernel kills the host's children with it.
    void on_host_death(ChildExit exit) {
        constexpr int most_deaths = 3;
        tree_.remove(host_->id());
        host_.reset();
        const std::string how =
            fmt::format("the process that imported {} {}", script_.script.string(), to_string(exit));
        for (Slot& slot : slots_) {
            slot.kept.reset();
            slot.spare.reset();
            if (slot.attempt) {
                slot.attempt->on_lost(how, exit);
            }
        }
        for (const auto& attempt : leaving_) {
            attempt->on_lost(how, exit);
        }
        if (import_error_) {
            return;
        }
        if (++host_deaths_ >= most_deaths) {
            import_error_ = with_output(fmt::format("{}, {} times in a row", how, host_deaths_));
            return;
        }
        start_host();
    }

    void prepare_spares() {
        for (std::size_t i = 0; host_ && host_ready_ && i < slots_.size(); ++i) {
            const Slot& slot = slots_[i];
            if (!slot.spare && (slot.spare_deaths < most_spare_deaths || !waiting_.empty())) {
                prepare_spare(i);
            }
        }
    }

    void prepare_spare(std::size_t slot) {
        auto [channel, other_end] = TrialChannel::make_pair();
        PreparedProcess process{.number = next_number_++,
                                .channel = std::move(channel),
                                .output = {},
                                .token = make_token(),
                                .process = 0,
                                .early_output = {}};
        Environment environment = slot_environment(surroundings_, SlotId{static_cast<std::uint32_t>(slot)});
        environment[marker_variable] = process.token;
        if (host_->prepare(process.number, environment, other_end.get(), process.output.write_end())) {
            process.output.close_write_end();
            slots_[slot].spare = std::move(process);
        }
    }

    void advance_slot(std::size_t index, std::vector<TrialNews>& news) {
        Slot& slot = slots_[index];
        for (auto* waiting : {&slot.kept, &slot.spare}) {
            if (*waiting) {
                drain_early(**waiting);
            }
        }
        if (!slot.attempt) {
            return;
        }
        slot.attempt->advance(tree_, news);
        if (slot.attempt->wants_process() && slot.spare) {
            slot.attempt->begin_again(std::move(*slot.spare));
            slot.spare.reset();
            slot.spare_deaths = 0;
        }
        if (slot.attempt->gone() && slot.attempt->keeps_process()) {
            slot.kept = slot.attempt->take_process();
            slot.kept->used = true;
        }
        // A GPU must be empty before the next trial gets it; cores are shared anyway.
        if (slot.attempt->gone() || (slot.attempt->ended() && !has_gpu(index))) {
            if (!slot.attempt->gone()) {
                leaving_.push_back(std::move(slot.attempt));
            }
            slot.attempt.reset();
        }
    }

    void drain_early(PreparedProcess& process) const {
        process.output.drain([&](std::string_view text) {
            if (process.early_output.size() < surroundings_.log_limit) {
                process.early_output += text;
            }
        });
    }

    [[nodiscard]] bool has_gpu(std::size_t slot) const {
        return slot < surroundings_.gpus_of_slot.size() && !surroundings_.gpus_of_slot[slot].empty();
    }

    void fill_slots(std::vector<TrialNews>& news) {
        for (std::size_t i = 0; i < slots_.size() && !waiting_.empty(); ++i) {
            Slot& slot = slots_[i];
            std::optional<PreparedProcess>& process = slot.kept ? slot.kept : slot.spare;
            if (!slot.attempt && process) {
                slot.attempt =
                    std::make_unique<PythonAttempt>(surroundings_, oom_counter_, std::move(*process),
                                                    SlotId{static_cast<std::uint32_t>(i)}, *waiting_.pop(), news);
                process.reset();
                slot.spare_deaths = 0;
            }
        }
        prepare_spares();
    }

    PythonScript script_;
    Surroundings surroundings_;
    PythonInstallation installation_;
    OomCounter oom_counter_;
    ProcessTree tree_;
    std::optional<PythonHost> host_;
    bool host_ready_{false};
    AttemptWatch import_watch_{{}, {}};
    int host_deaths_{0};
    std::string host_output_;
    std::optional<std::string> import_error_;
    std::uint32_t next_number_{1};
    std::vector<Slot> slots_;
    std::vector<std::unique_ptr<PythonAttempt>> leaving_;  ///< ended, but not gone
    std::vector<ProcessFamily> strays_;                    ///< what kept processes left behind that have died
    OrderQueue waiting_;
    std::vector<TrialNews> unreported_;
};

}  // namespace

std::unique_ptr<Evaluator> make_python_evaluator(PythonScript script, Surroundings surroundings) {
    return std::make_unique<PythonEvaluator>(std::move(script), std::move(surroundings));
}

}  // namespace hpogrid::trials
