#pragma once

#include "engine/cluster/transport.hpp"

#include <deque>
#include <memory>
#include <set>
#include <utility>
#include <vector>

namespace hpogrid::cluster {

/// A world of ranks in one thread, joined by queues.
class MemoryWorld {
  public:
    explicit MemoryWorld(int size) : mailboxes_(static_cast<std::size_t>(size)) {
        for (int rank = 0; rank < size; ++rank) {
            ends_.push_back(std::make_unique<End>(*this, rank));
        }
    }

    [[nodiscard]] Transport& transport(int rank) { return *ends_[static_cast<std::size_t>(rank)]; }
    /// Bytes of all messages that were sent to it and not yet taken.
    [[nodiscard]] std::size_t bytes_for(int rank) const {
        std::size_t sum = 0;
        for (const Envelope& envelope : mailboxes_[static_cast<std::size_t>(rank)]) {
            sum += envelope.bytes.size();
        }
        return sum;
    }

    /// Whether `by` has given up what is under way to `rank`.
    [[nodiscard]] bool has_forgotten(int by, int rank) const { return forgotten_.contains({by, rank}); }

  private:
    class End final : public Transport {
      public:
        End(MemoryWorld& world, int rank) : world_{world}, rank_{rank} {}
        int rank() const noexcept override { return rank_; }
        int size() const noexcept override { return static_cast<int>(world_.mailboxes_.size()); }
        void send(int destination, std::vector<std::byte> bytes) override {
            world_.mailboxes_.at(static_cast<std::size_t>(destination)).push_back({rank_, std::move(bytes)});
        }
        void forget(int rank) override { world_.forgotten_.emplace(rank_, rank); }
        std::optional<Envelope> receive() override {
            auto& mailbox = world_.mailboxes_[static_cast<std::size_t>(rank_)];
            if (mailbox.empty()) {
                return std::nullopt;
            }
            Envelope envelope = std::move(mailbox.front());
            mailbox.pop_front();
            return envelope;
        }

      private:
        MemoryWorld& world_;
        int rank_;
    };

    std::vector<std::deque<Envelope>> mailboxes_;
    std::vector<std::unique_ptr<End>> ends_;
    std::set<std::pair<int, int>> forgotten_;
};

}  // namespace hpogrid::cluster
