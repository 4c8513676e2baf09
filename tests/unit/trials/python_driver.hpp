#pragma once

#include "engine/trials/python/python_evaluator.hpp"
#include "tests/unit/trials/evaluator_driver.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hpogrid::trials::test {

/// Reports its process as `process` and can only be killed, or ends at once when it is `good`.
inline constexpr const char* stubborn = R"(
def objective(config):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    hpogrid.report(loss=1.0, process=os.getpid())
    while not config.get("good"):
        time.sleep(1)
)";

/// Runs trials of the function or class `objective` of a script that is given as text.
class PythonTest : public ::testing::Test {
  protected:
    void SetUp() override;
    void TearDown() override;

    /// Makes the evaluator and gives it trials 0, 1, 2, ….
    void start(const std::string& text, const std::vector<std::string>& configurations = {"{}"},
               PythonStart way = PythonStart::automatic);
    /// Runs one trial to its end.
    AttemptEnded run(const std::string& text, PythonStart way = PythonStart::automatic);
    /// Of each trial its outcome, reports and the first line of its error.
    std::vector<std::string> summaries(const std::string& text, const std::vector<std::string>& configurations,
                                       PythonStart way);
    /// Until the condition holds; false if it never does.
    [[nodiscard]] bool run_until(const std::function<bool()>& condition,
                                 std::chrono::seconds patience = std::chrono::seconds{10});

    /// {"name":0}, {"name":1}, …
    static std::vector<std::string> numbered(const std::string& name, std::size_t count);
    /// Of a process whose number a trial reported.
    static bool is_gone(double process);

    TemporaryFolder folder;
    Surroundings surroundings = surroundings_in(folder.path());
    std::unique_ptr<Driver> driver;
};

}  // namespace hpogrid::trials::test
