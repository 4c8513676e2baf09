#include "engine/core/bytes.hpp"

#include "engine/core/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace hpogrid {
namespace {

std::vector<int> numbers(std::span<const std::byte> bytes) {
    std::vector<int> all;
    for (const std::byte byte : bytes) {
        all.push_back(std::to_integer<int>(byte));
    }
    return all;
}

ByteWriter one_of_each() {
    ByteWriter writer;
    writer.u8(200);
    writer.u32(0xfedcba98);
    writer.u64(0x0123456789abcdef);
    writer.i64(std::numeric_limits<std::int64_t>::min());
    writer.f64(-0.1);
    writer.text(std::string{"a\0\xff", 3});
    return writer;
}

TEST(ByteWriter, WritesLittleEndian) {
    ByteWriter writer;
    writer.u32(0x04030201);
    writer.text("hi");
    writer.i64(-2);
    EXPECT_THAT(numbers(writer.bytes()),
                testing::ElementsAre(1, 2, 3, 4, 2, 0, 0, 0, 'h', 'i', 254, 255, 255, 255, 255, 255, 255, 255));
}

TEST(ByteReader, ReadsBackWhatWasWritten) {
    const ByteWriter writer = one_of_each();
    ByteReader reader{writer.bytes()};
    EXPECT_EQ(reader.u8(), 200);
    EXPECT_EQ(reader.u32(), 0xfedcba98);
    EXPECT_EQ(reader.u64(), 0x0123456789abcdef);
    EXPECT_EQ(reader.i64(), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(reader.f64(), -0.1);
    EXPECT_EQ(reader.text(), (std::string{"a\0\xff", 3}));
    EXPECT_TRUE(reader.at_end());
    EXPECT_NO_THROW(reader.expect_end());
}

TEST(ByteReader, KeepsEveryBitOfAReal) {
    for (const double value :
         {-0.0, std::numeric_limits<double>::infinity(), std::nan("7"), std::numeric_limits<double>::denorm_min()}) {
        ByteWriter writer;
        writer.f64(value);
        EXPECT_EQ(std::bit_cast<std::uint64_t>(ByteReader{writer.bytes()}.f64()), std::bit_cast<std::uint64_t>(value));
    }
}

TEST(ByteReader, RefusesInputThatEndsTooEarlyAtAnyByte) {
    const ByteWriter writer = one_of_each();
    const auto whole = writer.bytes();
    for (std::size_t length = 0; length < whole.size(); ++length) {
        ByteReader reader{whole.first(length)};
        const auto read_all = [&] {
            static_cast<void>(reader.u8());
            static_cast<void>(reader.u32());
            static_cast<void>(reader.u64());
            static_cast<void>(reader.i64());
            static_cast<void>(reader.f64());
            static_cast<void>(reader.text());
        };
        EXPECT_THROW(read_all(), FormatError) << length << " bytes";
    }
}

TEST(ByteReader, RefusesInputThatIsTooLong) {
    ByteWriter writer;
    writer.u8(1);
    writer.u8(2);
    ByteReader reader{writer.bytes()};
    static_cast<void>(reader.u8());
    EXPECT_FALSE(reader.at_end());
    EXPECT_THROW(reader.expect_end(), FormatError);
}

TEST(ByteReader, RefusesATextLongerThanTheRest) {
    ByteWriter writer;
    writer.u32(0xffffffff);
    writer.u8(0);
    ByteReader reader{writer.bytes()};
    EXPECT_THROW(static_cast<void>(reader.text()), FormatError);
}

TEST(ByteReader, RefusesAListLongerThanTheRest) {
    ByteWriter writer;
    writer.u32(3);
    for (int i = 0; i < 23; ++i) {
        writer.u8(0);
    }
    EXPECT_THROW(static_cast<void>(ByteReader{writer.bytes()}.list_size(8)), FormatError);
    EXPECT_EQ(ByteReader{writer.bytes()}.list_size(7), 3U);
}

TEST(ByteWriter, GivesItsBytesAway) {
    ByteWriter writer = one_of_each();
    const auto copy = numbers(writer.bytes());
    EXPECT_EQ(numbers(writer.take()), copy);
}

}  // namespace
}  // namespace hpogrid
