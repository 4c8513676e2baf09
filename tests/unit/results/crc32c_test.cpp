#include "engine/results/crc32c.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <string_view>
#include <vector>

namespace hpogrid::results {
namespace {

std::uint32_t sum_of(const std::vector<unsigned char>& bytes) {
    return crc32c(std::as_bytes(std::span{bytes}));
}

TEST(Crc32c, GivesTheSumsOfRfc3720) {
    std::vector<unsigned char> rising(32);
    std::iota(rising.begin(), rising.end(), static_cast<unsigned char>(0));
    EXPECT_EQ(sum_of(std::vector<unsigned char>(32, 0x00)), 0x8A9136AAU);
    EXPECT_EQ(sum_of(std::vector<unsigned char>(32, 0xFF)), 0x62A8AB43U);
    EXPECT_EQ(sum_of(rising), 0x46DD794EU);
    EXPECT_EQ(sum_of({rising.rbegin(), rising.rend()}), 0x113FDB5CU);
}

TEST(Crc32c, GivesTheCheckValueOfTheCatalogue) {
    constexpr std::string_view digits = "123456789";
    EXPECT_EQ(crc32c(std::as_bytes(std::span{digits})), 0xE3069283U);
}

TEST(Crc32c, CanBeTakenInPiecesOfAnyLength) {
    std::vector<unsigned char> bytes(100);
    std::iota(bytes.begin(), bytes.end(), static_cast<unsigned char>(7));
    const auto all = std::as_bytes(std::span{bytes});
    for (std::size_t cut = 0; cut <= all.size(); ++cut) {
        EXPECT_EQ(crc32c(all.subspan(cut), crc32c(all.first(cut))), crc32c(all)) << cut;
    }
}

}  // namespace
}  // namespace hpogrid::results
