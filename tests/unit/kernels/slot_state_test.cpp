#include "kernels/trainer/slot_state.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace hpogrid::kernels {
namespace {

SlotState some_state() {
    SlotState state{bucket_shape(3, 1, std::vector{4}, Normalization::none), {}, {}, {}, {}};
    state.row.settings.learning_rate = 0.25F;
    state.row.progress.epoch = 7;
    const std::size_t size = ParameterLayout{state.shape}.size();
    for (std::size_t i = 0; i < size; ++i) {
        state.parameters.push_back(static_cast<float>(i));
        state.first_moments.push_back(static_cast<float>(i) / 2);
        state.second_moments.push_back(static_cast<float>(i) / 3);
    }
    return state;
}

TEST(SlotState, IsTheSameAfterSavingAndLoading) {
    const SlotState state = some_state();
    const SlotState loaded = slot_state_from_bytes(to_bytes(state));
    EXPECT_EQ(loaded.shape, state.shape);
    EXPECT_EQ(loaded.row.settings.learning_rate, 0.25F);
    EXPECT_EQ(loaded.row.progress.epoch, 7);
    EXPECT_EQ(loaded.parameters, state.parameters);
    EXPECT_EQ(loaded.first_moments, state.first_moments);
    EXPECT_EQ(loaded.second_moments, state.second_moments);
}

TEST(SlotState, IsRefusedWhenCutAnywhere) {
    const auto bytes = to_bytes(some_state());
    for (std::size_t size = 0; size < bytes.size(); size += 13) {
        EXPECT_THROW(static_cast<void>(slot_state_from_bytes(std::span{bytes}.first(size))), std::invalid_argument);
    }
}

TEST(SlotState, IsRefusedWhenAnyByteIsDamaged) {
    auto bytes = to_bytes(some_state());
    for (std::byte& byte : bytes) {
        byte ^= std::byte{1};
        EXPECT_THROW(static_cast<void>(slot_state_from_bytes(bytes)), std::invalid_argument);
        byte ^= std::byte{1};
    }
    EXPECT_NO_THROW(static_cast<void>(slot_state_from_bytes(bytes)));
}

TEST(SlotState, IsRefusedWithMoreBehindIt) {
    auto bytes = to_bytes(some_state());
    bytes.push_back(std::byte{0});
    EXPECT_THROW(static_cast<void>(slot_state_from_bytes(bytes)), std::invalid_argument);
}

}  // namespace
}  // namespace hpogrid::kernels
