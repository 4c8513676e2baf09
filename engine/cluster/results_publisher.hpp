#pragma once

#include "engine/cluster/controller.hpp"
#include "engine/results/recorder.hpp"
#include "engine/results/snapshot.hpp"

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace hpogrid::cluster {

/// Keeps results.h5 and userJobMetadata.json up to date while the study runs, in a thread of its own: the controller
/// only takes a snapshot. The journal is what counts; these files are views of it, at most `interval` seconds old, or
/// twenty times as long as writing them takes.
class ResultsPublisher final : public StudyObserver {
  public:
    struct Files {
        std::filesystem::path results;
        std::filesystem::path metadata;
    };

    ResultsPublisher(results::Recorder recorder, Files files, double interval);
    ~ResultsPublisher() override;

    void on_event(const study::Event& event, const study::Study& study) override { recorder_.record(event, study); }
    /// Throws OutputError when the writing thread failed: a study whose results cannot be written must not go on.
    void on_turn(const study::Study& study) override;

    /// Writes the state as it is and waits for it. Throws OutputError.
    void write_now(const study::Study& study, results::RunStatus status);

  private:
    void run();
    void write(const results::Snapshot& snapshot) const;
    void throw_failure();

    results::Recorder recorder_;
    Files files_;
    double interval_;
    double next_{0.0};

    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<results::Snapshot> waiting_;
    bool writing_{false};
    bool stopping_{false};
    double last_duration_{0.0};
    std::string failure_;
    std::thread thread_;
};

}  // namespace hpogrid::cluster
