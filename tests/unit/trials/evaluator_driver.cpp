#include "tests/unit/trials/evaluator_driver.hpp"

#include "engine/core/overloaded.hpp"
#include "engine/core/process_table.hpp"
#include "engine/trials/process/process_tree.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>

namespace hpogrid::trials::test {
namespace {

using Clock = std::chrono::steady_clock;

sigset_t only_sigterm() noexcept {
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGTERM);
    return signals;
}

bool is_zombie(const std::filesystem::path& process) {
    const std::string stat = read_text(process / "stat");
    const auto name_end = stat.rfind(')');
    return name_end == std::string::npos || stat.substr(name_end, 3) == ") Z";
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "hpogrid-trials-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw std::runtime_error{"no temporary folder"};
    }
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
}

ToldToEnd::ToldToEnd() {
    const sigset_t signals = only_sigterm();
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::raise(SIGTERM);
}

ToldToEnd::~ToldToEnd() {
    const sigset_t signals = only_sigterm();
    int taken = 0;
    ::sigwait(&signals, &taken);
    ::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

Surroundings surroundings_in(const std::filesystem::path& folder, unsigned slots) {
    Surroundings result;
    result.trials_folder = folder / "trials";
    result.scripts_path = folder;
    result.data_folder = folder / "data";
    result.work_folder = folder / "work";
    result.slots = slots;
    result.metric = "loss";
    result.limits.grace = std::chrono::milliseconds{200};
    return result;
}

TrialOrder order(std::uint32_t trial, std::string configuration, std::uint32_t attempt) {
    return {
        .trial = {trial}, .attempt = attempt, .configuration = std::move(configuration), .seed = 42, .checkpoint = {}};
}

void Driver::turn() {
    std::vector<pollfd> descriptors;
    evaluator_->add_descriptors(descriptors);
    ::poll(descriptors.data(), descriptors.size(), 50);
    std::vector<TrialNews> news;
    evaluator_->advance(news);
    for (TrialNews& item : news) {
        std::visit(Overloaded{[this](AttemptStarted& start) { started.push_back(start); },
                              [this](AttemptReported& report) { reported.push_back(std::move(report)); },
                              [this](AttemptSaved& one) { saved.push_back(one); },
                              [this](AttemptEnded& end) { ended.push_back(std::move(end)); }},
                   item);
    }
}

void Driver::run_until_ended(std::size_t count, std::chrono::seconds patience) {
    const auto deadline = Clock::now() + patience;
    while (ended.size() < count && Clock::now() < deadline) {
        turn();
    }
    ASSERT_EQ(ended.size(), count) << "attempts ended";
}

void Driver::run_until_reported(std::size_t count, std::chrono::seconds patience) {
    const auto deadline = Clock::now() + patience;
    while (reported.size() < count && Clock::now() < deadline) {
        turn();
    }
    ASSERT_GE(reported.size(), count) << "reports";
}

void Driver::run_for(std::chrono::milliseconds time) {
    const auto deadline = Clock::now() + time;
    while (Clock::now() < deadline) {
        turn();
    }
}

std::string Driver::run_until_hindered(std::chrono::seconds patience) {
    const auto deadline = Clock::now() + patience;
    while (Clock::now() < deadline) {
        if (auto hindrance = evaluator_->hindrance()) {
            return *hindrance;
        }
        turn();
    }
    ADD_FAILURE() << "the evaluator does not say that it can evaluate nothing";
    return {};
}

void Driver::end_job(std::size_t count) {
    for (const int process : leftover_processes()) {
        ::kill(process, SIGTERM);
    }
    run_for(std::chrono::milliseconds{300});
    const ToldToEnd told;
    run_until_ended(count);
}

std::vector<int> leftover_processes() {
    std::vector<int> found;
    for (const ProcessEntry& child : children_of_this_process()) {
        found.push_back(child.id);
    }
    const std::string marker = std::string{marker_variable} + "=" + std::to_string(::getpid()) + ".";
    for (const ProcessEntry& process : all_processes()) {
        if (process.environment().find(marker) != std::string::npos && !is_zombie(process.folder)) {
            found.push_back(process.id);
        }
    }
    return found;
}

testing::AssertionResult nothing_is_left() {
    std::vector<int> left;
    for (int attempt = 0; attempt < 20; ++attempt) {
        left = leftover_processes();
        if (left.empty()) {
            return testing::AssertionSuccess();
        }
        ::usleep(10'000);
    }
    auto failure = testing::AssertionFailure();
    for (const ProcessEntry& process : all_processes()) {
        if (std::find(left.begin(), left.end(), process.id) != left.end()) {
            failure << process.id << ": " << read_text(process.folder / "stat");
        }
    }
    return failure;
}

std::string read_text(const std::filesystem::path& file) {
    std::ifstream stream{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

double metric(const AttemptReported& reported, const std::string& name) {
    for (const auto& [key, value] : reported.report.metrics) {
        if (key == name) {
            return value;
        }
    }
    return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace hpogrid::trials::test
