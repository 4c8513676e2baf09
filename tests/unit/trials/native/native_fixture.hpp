#pragma once

#include "engine/trials/native/native_evaluator.hpp"
#include "tests/unit/trials/evaluator_driver.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace hpogrid::trials::test {

/// Native trials on a CSV file of two overlapping kinds of events, one kind after the other.
class NativeEvaluation : public ::testing::Test {
  protected:
    using json = nlohmann::json;

    NativeEvaluation();

    /// A new evaluator, with nothing to do.
    Driver& restart(unsigned slots = 4);
    /// A new one with trials 0, 1, … of these configurations.
    Driver& start(const std::vector<json>& configurations, unsigned slots = 4);
    [[nodiscard]] TrialOrder order_for(std::uint32_t trial, const json& configuration, std::uint32_t attempt = 1) const;
    /// The losses that each trial reported to the latest evaluator.
    [[nodiscard]] std::map<std::uint32_t, std::vector<double>> losses() const;

    TemporaryFolder folder;
    std::string model{"mlp"};
    json param{{"data", "events.csv"}, {"weight", "weight"}};
    Surroundings surroundings;
    std::unique_ptr<Driver> driver;
};

}  // namespace hpogrid::trials::test
