#include "tests/unit/trials/python_driver.hpp"

#include "engine/core/find_program.hpp"
#include "engine/trials/process/child_process.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>

namespace hpogrid::trials::test {
namespace {

using Clock = std::chrono::steady_clock;

const std::string& interpreter() {
    static const std::string chosen = [] {
        const char* given = std::getenv("HPOGRID_PYTHON");
        return std::string{given != nullptr ? given : "/usr/bin/python3"};
    }();
    return chosen;
}

}  // namespace

void PythonTest::SetUp() {
    if (find_program(interpreter()).empty()) {
        GTEST_SKIP() << "there is no interpreter " << interpreter() << ": set HPOGRID_PYTHON to one";
    }
    ::setenv("HPOGRID_PYTHON", interpreter().c_str(), 1);
    std::filesystem::create_directories(surroundings.work_folder);
}

void PythonTest::TearDown() {
    driver.reset();
    EXPECT_TRUE(nothing_is_left());
}

void PythonTest::start(const std::string& text, const std::vector<std::string>& configurations, PythonStart way) {
    const std::filesystem::path script = folder.path() / "objective.py";
    std::ofstream{script} << "import ctypes, os, signal, subprocess, sys, time, hpogrid\n" << text << '\n';
    driver.reset();
    driver = std::make_unique<Driver>(make_python_evaluator({script, "objective", way}, surroundings));
    for (std::size_t i = 0; i < configurations.size(); ++i) {
        driver->evaluator().start(order(static_cast<std::uint32_t>(i), configurations[i]));
    }
}

AttemptEnded PythonTest::run(const std::string& text, PythonStart way) {
    start(text, {"{}"}, way);
    driver->run_until_ended(1);
    return driver->ended.empty() ? AttemptEnded{} : driver->ended.front();
}

std::vector<std::string> PythonTest::summaries(const std::string& text, const std::vector<std::string>& configurations,
                                               PythonStart way) {
    start(text, configurations, way);
    driver->run_until_ended(configurations.size());
    std::vector<std::string> result;
    for (const AttemptEnded& end : driver->ended) {
        const auto reports = std::count_if(driver->reported.begin(), driver->reported.end(),
                                           [&](const AttemptReported& one) { return one.trial == end.trial; });
        result.push_back(fmt::format("{}: {}, {} reports, {}", end.trial.value, study::to_string(end.outcome), reports,
                                     end.error.substr(0, end.error.find('\n'))));
    }
    return result;
}

bool PythonTest::run_until(const std::function<bool()>& condition, std::chrono::seconds patience) {
    const auto deadline = Clock::now() + patience;
    while (!condition() && Clock::now() < deadline) {
        driver->run_for(std::chrono::milliseconds{10});
    }
    return condition();
}

std::vector<std::string> PythonTest::numbered(const std::string& name, std::size_t count) {
    std::vector<std::string> result;
    for (std::size_t i = 0; i < count; ++i) {
        result.push_back(fmt::format(R"({{"{}":{}}})", name, i));
    }
    return result;
}

bool PythonTest::is_gone(double process) {
    return process > 0 && ::kill(static_cast<pid_t>(process), 0) != 0;
}

}  // namespace hpogrid::trials::test
