// Whatever bytes a journal or a message holds, they are refused or are exactly what the event they give is written as.

#include "engine/core/bytes.hpp"
#include "engine/core/error.hpp"
#include "engine/study/event_codec.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>

using namespace hpogrid;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = std::as_bytes(std::span{data, size});
    ByteReader reader{input};
    ByteWriter writer;
    try {
        while (!reader.at_end()) {
            study::encode(study::decode_event(reader), writer);
            const auto written = writer.bytes();
            if (written.size() > size || !std::ranges::equal(written, input.first(written.size()))) {
                std::abort();
            }
        }
    } catch (const FormatError&) {
        return 0;
    }
    return 0;
}
