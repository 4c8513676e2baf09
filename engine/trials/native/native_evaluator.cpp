#include "engine/trials/native/native_evaluator.hpp"

#include "engine/core/overloaded.hpp"
#include "engine/trials/native/native_session.hpp"
#include "engine/trials/process/file_descriptor.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdint>
#include <iterator>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <variant>

namespace hpogrid::trials {
namespace {

struct StopRequest {
    TrialId trial;
    std::uint32_t attempt;
    StopCause cause;
};
struct ProceedRequest {
    TrialId trial;
    std::uint32_t attempt;
    double milestone;
};
struct LeaveRequest {
    TrialId trial;
    std::uint32_t attempt;
};
using Request = std::variant<TrialOrder, StopRequest, ProceedRequest, LeaveRequest>;

class NativeEvaluator final : public Evaluator {
  public:
    NativeEvaluator(const Native& spec, const Surroundings& surroundings)
        : session_{spec, surroundings}, news_event_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
        if (!news_event_) {
            throw std::system_error{errno, std::generic_category(), "eventfd"};
        }
        thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
    }
    ~NativeEvaluator() override {
        thread_.request_stop();
        thread_.join();
    }

    void start(TrialOrder order) override { send(std::move(order)); }
    void stop(TrialId trial, std::uint32_t attempt, StopCause cause) override {
        send(StopRequest{trial, attempt, cause});
    }
    void proceed(TrialId trial, std::uint32_t attempt, double milestone) override {
        send(ProceedRequest{trial, attempt, milestone});
    }
    void leave(TrialId trial, std::uint32_t attempt) override { send(LeaveRequest{trial, attempt}); }
    void add_descriptors(std::vector<pollfd>& descriptors) const override {
        descriptors.push_back({.fd = news_event_.get(), .events = POLLIN, .revents = 0});
    }
    void advance(std::vector<TrialNews>& news) override {
        std::uint64_t count = 0;
        static_cast<void>(::read(news_event_.get(), &count, sizeof count));
        const std::scoped_lock lock{mutex_};
        std::ranges::move(news_, std::back_inserter(news));
        news_.clear();
    }

  private:
    void send(Request request) {
        {
            const std::scoped_lock lock{mutex_};
            requests_.push_back(std::move(request));
        }
        wake_.notify_one();
    }

    /// The thread's: everything that touches the session.
    void run(const std::stop_token& stop) {
        std::vector<TrialNews> news;
        while (!stop.stop_requested()) {
            for (Request& request : next_requests(stop)) {
                std::visit(
                    Overloaded{[&](TrialOrder& order) { session_.start(std::move(order)); },
                               [&](const StopRequest& r) { session_.stop(r.trial, r.attempt, r.cause, news); },
                               [&](const ProceedRequest& r) { session_.proceed(r.trial, r.attempt, r.milestone); },
                               [&](const LeaveRequest& r) { session_.leave(r.trial, r.attempt, news); }},
                    request);
            }
            if (session_.busy() && !stop.stop_requested()) {
                session_.train(news);
            }
            tell(news);
        }
    }

    /// Waits for one if there is nothing to train.
    std::vector<Request> next_requests(const std::stop_token& stop) {
        std::unique_lock lock{mutex_};
        if (!session_.busy()) {
            wake_.wait(lock, stop, [this] { return !requests_.empty(); });
        }
        return std::exchange(requests_, {});
    }

    void tell(std::vector<TrialNews>& news) {
        if (news.empty()) {
            return;
        }
        {
            const std::scoped_lock lock{mutex_};
            std::ranges::move(news, std::back_inserter(news_));
        }
        news.clear();
        const std::uint64_t one = 1;
        static_cast<void>(::write(news_event_.get(), &one, sizeof one));
    }

    NativeSession session_;
    FileDescriptor news_event_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::vector<Request> requests_;
    std::vector<TrialNews> news_;
    std::jthread thread_;
};

}  // namespace

std::unique_ptr<Evaluator> make_native_evaluator(const Native& spec, const Surroundings& surroundings) {
    return std::make_unique<NativeEvaluator>(spec, surroundings);
}

}  // namespace hpogrid::trials
