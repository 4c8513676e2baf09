#pragma once

#include "engine/trials/evaluator.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace hpogrid::trials::test {

/// A folder that is removed with this object.
class TemporaryFolder {
  public:
    TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder();
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

  private:
    std::filesystem::path path_;
};

/// While it lives, this thread is a worker's that is told to end: SIGTERM is blocked and pending.
class ToldToEnd {
  public:
    ToldToEnd();
    ToldToEnd(const ToldToEnd&) = delete;
    ToldToEnd& operator=(const ToldToEnd&) = delete;
    ~ToldToEnd();
};

/// Surroundings below a folder, without limits, the objective named "loss".
[[nodiscard]] Surroundings surroundings_in(const std::filesystem::path& folder, unsigned slots = 1);
[[nodiscard]] TrialOrder order(std::uint32_t trial, std::string configuration = "{}", std::uint32_t attempt = 1);

/// Drives an evaluator as a worker's loop does, and keeps what it says.
class Driver {
  public:
    explicit Driver(std::unique_ptr<Evaluator> evaluator) : evaluator_{std::move(evaluator)} {}

    [[nodiscard]] Evaluator& evaluator() noexcept { return *evaluator_; }
    /// Until so many attempts have ended in all; fails the test after `patience`.
    void run_until_ended(std::size_t count, std::chrono::seconds patience = std::chrono::seconds{30});
    /// Until so many reports have come in all.
    void run_until_reported(std::size_t count, std::chrono::seconds patience = std::chrono::seconds{30});
    void run_for(std::chrono::milliseconds time);
    /// Until the evaluator can evaluate nothing, and answers why; fails the test after `patience`.
    std::string run_until_hindered(std::chrono::seconds patience = std::chrono::seconds{30});
    /// As a batch system ends a job: SIGTERM to every process of its trials, and a while later to this worker. Until so
    /// many attempts have ended in all.
    void end_job(std::size_t count);
    void destroy_evaluator() { evaluator_.reset(); }

    std::vector<AttemptStarted> started;
    std::vector<AttemptReported> reported;
    std::vector<AttemptSaved> saved;
    std::vector<AttemptEnded> ended;

  private:
    void turn();

    std::unique_ptr<Evaluator> evaluator_;
};

/// Processes (no zombies) whose environment carries a marker that this process made, or that are its children.
[[nodiscard]] std::vector<int> leftover_processes();
/// The same, after a moment for those that are just being reaped.
[[nodiscard]] testing::AssertionResult nothing_is_left();

[[nodiscard]] std::string read_text(const std::filesystem::path& file);
/// Of a report, NaN if it is not there.
[[nodiscard]] double metric(const AttemptReported& reported, const std::string& name);

}  // namespace hpogrid::trials::test
