// Whatever a journal's file holds, it is read up to its last whole record or refused.
//
// The first byte of the input says how the rest becomes a file: 0, as it is; else as records with good checksums, each
// preceded in the input by its length, so that the fuzzer gets past the checksums.

#include "engine/core/error.hpp"
#include "engine/results/journal.hpp"
#include "engine/results/journal_format.hpp"
#include "engine/study/event_codec.hpp"
#include "tests/support/temporary_folder.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <span>
#include <vector>

using namespace hpogrid;

namespace {

using Bytes = std::vector<std::byte>;

Bytes with_checksums(std::span<const std::byte> rest) {
    Bytes file(results::preamble_size);
    std::ranges::copy(std::as_bytes(std::span{results::journal_magic}), file.begin());
    file[results::journal_magic.size()] = std::byte{results::journal_version};
    file[results::journal_magic.size() + 1] = std::byte{study::event_format_version};
    while (!rest.empty()) {
        const std::size_t length = std::min(std::to_integer<std::size_t>(rest[0]), rest.size() - 1);
        const auto payload = rest.subspan(1, length);
        const auto head = results::make_record_head(file.size(), payload);
        file.insert(file.end(), head.begin(), head.end());
        file.insert(file.end(), payload.begin(), payload.end());
        rest = rest.subspan(1 + length);
    }
    return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const tests::TemporaryFolder folder;
    const auto input = std::as_bytes(std::span{data, size});
    if (input.empty()) {
        return 0;
    }
    const auto rest = input.subspan(1);
    const Bytes file = input[0] == std::byte{0} ? Bytes(rest.begin(), rest.end()) : with_checksums(rest);
    const auto path = folder.write("fuzz.journal", {reinterpret_cast<const char*>(file.data()), file.size()});
    try {
        std::size_t events = 0;
        const auto contents = results::read_journal(path, [&](const study::Event&) { ++events; });
        if (contents.events != events || contents.valid_bytes + contents.dropped_bytes != file.size()) {
            std::abort();
        }
    } catch (const OutputError&) {
        return 0;
    }
    return 0;
}
