// Whatever a project's JSON holds, it is read or refused in one harmless sentence.

#include "engine/config/printable.hpp"
#include "engine/config/project.hpp"
#include "engine/core/error.hpp"
#include "tests/support/temporary_folder.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

using namespace hpogrid;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const tests::TemporaryFolder folder;
    static const std::filesystem::path file = [] {
        folder.write("scripts/train.py", "");
        folder.write_program("scripts/train", "#!/bin/sh\n");
        return folder.path() / "fuzz.json";
    }();
    try {
        static_cast<void>(config::parse_project_text({reinterpret_cast<const char*>(data), size}, file));
    } catch (const InputError& error) {
        const std::string_view sentence = error.what();
        if (!sentence.starts_with(file.string() + ": ") || config::has_control_characters(sentence) ||
            sentence.size() > 4000) {
            std::fprintf(stderr, "no good sentence: %s\n", error.what());
            std::abort();
        }
    }
    return 0;
}
