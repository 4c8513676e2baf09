#include "kernels/trainer/network.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace hpogrid::kernels {
namespace {

const std::vector<int> hidden{20, 30};
const std::vector<int> units{20, 30, 3};

SlotSettings settings_of(std::uint64_t seed, std::uint32_t trial) {
    SlotSettings settings;
    settings.key = {seed, trial};
    std::ranges::copy(units, settings.units.begin());
    return settings;
}

TEST(NetworkShape, PadsTheWidestLayerToAPowerOfTwo) {
    EXPECT_EQ(bucket_shape(5, 1, std::vector{3}, Normalization::none).width, 16);
    EXPECT_EQ(bucket_shape(5, 1, std::vector{17, 4}, Normalization::none).width, 32);
    EXPECT_EQ(bucket_shape(5, 1, std::vector{512, 64}, Normalization::none).width, 512);
    EXPECT_EQ(bucket_shape(5, 1, std::vector{513}, Normalization::none).width, 1024);
}

TEST(ParameterLayout, HasAPlaceForEachPart) {
    const ParameterLayout layout{bucket_shape(5, 3, hidden, Normalization::layer)};
    // 32 × 16 + 3·32, 32 × 32 + 3·32, 16 × 32 + 16.
    EXPECT_EQ(layout.size(), 512U + 96 + 1024 + 96 + 512 + 16);
    EXPECT_EQ(layout.layers()[1].weights, 608U);
    EXPECT_EQ(layout.layers()[2].biases, 608U + 1120 + 512);
}

TEST(Network, IsTheSameAfterPackingAndUnpacking) {
    const NetworkShape shape = bucket_shape(5, 3, hidden, Normalization::layer);
    const Network network = initial_network(shape, settings_of(1, 2));
    const auto parameters = pack(shape, units, network);
    const Network unpacked = unpack(shape, units, parameters);
    ASSERT_EQ(unpacked.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(unpacked[i].weights, network[i].weights);
        EXPECT_EQ(unpacked[i].biases, network[i].biases);
        EXPECT_EQ(unpacked[i].gains, network[i].gains);
        EXPECT_EQ(unpacked[i].shifts, network[i].shifts);
    }
    const auto nonzero = std::ranges::count_if(parameters, [](float value) { return value != 0; });
    EXPECT_EQ(nonzero, 20 * 5 + 20 + 20 + 30 * 20 + 30 + 30 + 3 * 30 + 3);
}

TEST(Network, OfOtherUnitsIsRefused) {
    const NetworkShape shape = bucket_shape(5, 3, hidden, Normalization::none);
    Network network = initial_network(shape, settings_of(1, 2));
    network[1].biases.pop_back();
    EXPECT_THROW(static_cast<void>(pack(shape, units, network)), std::invalid_argument);
    network.pop_back();
    EXPECT_THROW(static_cast<void>(pack(shape, units, network)), std::invalid_argument);
}

TEST(InitialNetwork, IsUniformWithinTheBoundOfEachLayer) {
    const NetworkShape shape = bucket_shape(100, 1, std::vector{400}, Normalization::none);
    SlotSettings settings;
    settings.units = {400, 1};
    const Network network = initial_network(shape, settings);
    double sum = 0;
    double squares = 0;
    for (const float weight : network[0].weights) {
        ASSERT_LT(std::fabs(weight), 0.1F);
        sum += weight;
        squares += weight * weight;
    }
    // 40000 numbers of standard deviation 0.1/√3.
    EXPECT_NEAR(sum / 40000, 0, 5 * 0.1 / std::sqrt(3.0 * 40000));
    EXPECT_NEAR(squares / 40000, 0.01 / 3, 1e-4);
    EXPECT_LT(std::fabs(std::ranges::max(network[1].weights)), 0.05F);
}

TEST(InitialNetwork, DependsOnSeedTrialAndLayer) {
    const NetworkShape shape = bucket_shape(30, 3, hidden, Normalization::none);
    const auto weights = [&](std::uint64_t seed, std::uint32_t trial) {
        return initial_network(shape, settings_of(seed, trial))[0].weights;
    };
    EXPECT_EQ(weights(1, 1), weights(1, 1));
    EXPECT_NE(weights(1, 1), weights(2, 1));
    EXPECT_NE(weights(1, 1), weights(1, 2));
}

}  // namespace
}  // namespace hpogrid::kernels
