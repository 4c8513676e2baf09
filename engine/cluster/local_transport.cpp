#include "engine/cluster/local_transport.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <deque>
#include <mutex>
#include <system_error>
#include <utility>

namespace hpogrid::cluster {
namespace {

/// Messages in one direction, announced by an eventfd.
class Mailbox {
  public:
    Mailbox() : ready_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
        if (ready_ < 0) {
            throw std::system_error{errno, std::generic_category(), "eventfd"};
        }
    }
    Mailbox(const Mailbox&) = delete;
    Mailbox& operator=(const Mailbox&) = delete;
    ~Mailbox() { ::close(ready_); }

    void put(std::vector<std::byte> bytes) {
        const std::lock_guard lock{mutex_};
        messages_.push_back(std::move(bytes));
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(ready_, &one, sizeof one);
    }

    std::optional<std::vector<std::byte>> take() {
        const std::lock_guard lock{mutex_};
        if (messages_.empty()) {
            return std::nullopt;
        }
        std::vector<std::byte> bytes = std::move(messages_.front());
        messages_.pop_front();
        if (messages_.empty()) {
            std::uint64_t ignored = 0;
            [[maybe_unused]] const auto cleared = ::read(ready_, &ignored, sizeof ignored);
        }
        return bytes;
    }

    [[nodiscard]] int descriptor() const noexcept { return ready_; }

  private:
    std::mutex mutex_;
    std::deque<std::vector<std::byte>> messages_;
    int ready_;
};

class LocalTransport final : public Transport {
  public:
    LocalTransport(std::shared_ptr<Mailbox> incoming, std::shared_ptr<Mailbox> outgoing)
        : incoming_{std::move(incoming)}, outgoing_{std::move(outgoing)} {}

    int rank() const noexcept override { return 0; }
    int size() const noexcept override { return 1; }
    void send(int, std::vector<std::byte> bytes) override { outgoing_->put(std::move(bytes)); }
    std::optional<Envelope> receive() override {
        auto bytes = incoming_->take();
        return bytes ? std::optional{Envelope{0, std::move(*bytes)}} : std::nullopt;
    }
    bool announces() const noexcept override { return true; }
    void add_descriptors(std::vector<pollfd>& descriptors) const override {
        descriptors.push_back({incoming_->descriptor(), POLLIN, 0});
    }

  private:
    std::shared_ptr<Mailbox> incoming_;
    std::shared_ptr<Mailbox> outgoing_;
};

}  // namespace

LocalTransports make_local_transports() {
    const auto to_worker = std::make_shared<Mailbox>();
    const auto to_controller = std::make_shared<Mailbox>();
    return {std::make_unique<LocalTransport>(to_controller, to_worker),
            std::make_unique<LocalTransport>(to_worker, to_controller)};
}

}  // namespace hpogrid::cluster
