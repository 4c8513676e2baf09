#pragma once

#include "engine/optimizers/optimizer.hpp"
#include "engine/study/event.hpp"

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace hpogrid::cluster {

/// Runs an optimiser in a thread of its own, beside the message loop, so that no worker waits for a model fit.
///
/// The optimiser is confined to that thread. Commands are carried out in order, with one exception: an ask waits until
/// every suggestion of the ask before it has come back as a `pending` tell, as Optimizer::ask requires.
class Suggester {
  public:
    explicit Suggester(std::unique_ptr<optimizers::Optimizer> optimizer);
    Suggester(const Suggester&) = delete;
    Suggester& operator=(const Suggester&) = delete;
    /// Waits for the computation in progress, drops the rest.
    ~Suggester();

    /// Orders `count` more suggestions. Never waits.
    void ask(std::size_t count);
    /// Hands on what was learnt. Never waits.
    void tell(optimizers::Observation observation);

    /// What was computed since the last call: Suggested events, and SuggestionsExhausted (once) after a shortfall.
    [[nodiscard]] std::vector<study::Event> collect();
    /// Why the optimiser threw, if it did. It is not called again then.
    [[nodiscard]] std::optional<std::string> failure() const;
    /// Readable while collect() has something to give.
    [[nodiscard]] int descriptor() const noexcept { return ready_; }

  private:
    void run();
    bool carry_out_next(std::unique_lock<std::mutex>& lock);
    void deliver(std::vector<optimizers::Suggestion> suggestions, std::size_t asked);

    std::unique_ptr<optimizers::Optimizer> optimizer_;
    mutable std::mutex mutex_;
    std::condition_variable work_;
    std::vector<optimizers::Observation> tells_;
    std::size_t asked_{0};        ///< ordered, not yet computed
    std::size_t unconfirmed_{0};  ///< computed, not yet told back as pending
    std::vector<study::Event> computed_;
    bool exhausted_{false};
    bool stopping_{false};
    std::optional<std::string> failure_;
    int ready_;
    std::thread thread_;
};

}  // namespace hpogrid::cluster
