#include "kernels/trainer/lockstep.hpp"

#include <algorithm>
#include <atomic>
#include <barrier>
#include <exception>
#include <thread>

namespace hpogrid::kernels {
namespace {

class Lockstep {
  public:
    explicit Lockstep(std::span<Bucket* const> buckets)
        : replicas_{static_cast<int>(buckets.front()->replicas().size())},
          errors_(static_cast<std::size_t>(replicas_)),
          barrier_{replicas_} {
        for (const Bucket* const bucket : buckets) {
            const std::size_t before = slots_.size();
            const BucketArrays& arrays = bucket->replicas().front()->arrays;
            const std::vector<SlotRow> rows = arrays.table.read(0, static_cast<std::size_t>(arrays.slots));
            for (int slot = 0; slot < arrays.slots; ++slot) {
                if (const std::int64_t steps = rows[static_cast<std::size_t>(slot)].progress.steps_left; steps > 0) {
                    slots_.push_back({bucket, slot, steps});
                    steps_ = std::max(steps_, steps);
                }
            }
            if (slots_.size() > before) {
                buckets_.push_back(bucket);
            }
        }
    }

    void run() {
        if (slots_.empty()) {
            return;
        }
        std::vector<std::jthread> threads;
        for (int replica = 1; replica < replicas_; ++replica) {
            try {
                threads.emplace_back([this, replica] { take_part(replica); });
            } catch (...) {
                leave(replica);
            }
        }
        take_part(0);
        threads.clear();
        for (const std::exception_ptr& error : errors_) {
            if (error) {
                std::rethrow_exception(error);
            }
        }
    }

  private:
    struct Slot {
        const Bucket* bucket;
        int slot;
        std::int64_t steps;
    };

    void take_part(int replica) noexcept {
        try {
            train(replica);
        } catch (...) {
            leave(replica);
        }
    }

    /// In a handler: nobody waits for this replica any more.
    void leave(int replica) noexcept {
        errors_[static_cast<std::size_t>(replica)] = std::current_exception();
        failed_ = true;
        barrier_.arrive_and_drop();
    }

    /// Waits for all others. \returns whether all are still there
    [[nodiscard]] bool meet() {
        barrier_.arrive_and_wait();
        if (failed_) {
            barrier_.arrive_and_drop();
            return false;
        }
        return true;
    }

    void train(int replica) {
        Backend& backend = *part_of(*buckets_.front(), replica).backend;
        const auto training = plans(replica, &Replica::training);
        const auto step = plans(replica, &Replica::step);
        backend.run_once(plans(replica, &Replica::enter));
        for (std::int64_t done = 0; done < steps_; ++done) {
            backend.run(training);
            if (!meet()) {
                return;
            }
            for (const Slot& slot : slots_) {
                if (slot.steps > done) {
                    sum_piece(slot.bucket->replicas(), replica, slot.slot);
                }
            }
            if (!meet()) {
                return;
            }
            backend.run_once(step);
        }
    }

    [[nodiscard]] static Replica& part_of(const Bucket& bucket, int replica) {
        return *bucket.replicas()[static_cast<std::size_t>(replica)];
    }
    [[nodiscard]] std::vector<const Plan*> plans(int replica, Plan Replica::*plan) const {
        std::vector<const Plan*> found;
        for (const Bucket* bucket : buckets_) {
            found.push_back(&(part_of(*bucket, replica).*plan));
        }
        return found;
    }

    int replicas_;
    std::vector<const Bucket*> buckets_;  ///< of the slots that train
    std::vector<Slot> slots_;             ///< that train
    std::int64_t steps_{0};               ///< most of any slot
    std::vector<std::exception_ptr> errors_;
    std::atomic<bool> failed_{false};
    std::barrier<> barrier_;
};

}  // namespace

void train_in_lockstep(std::span<Bucket* const> buckets) {
    if (!buckets.empty()) {
        Lockstep{buckets}.run();
    }
}

}  // namespace hpogrid::kernels
