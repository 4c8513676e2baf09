// Runs a fuzzer's function over the files of folders: what was found once stays found, with any compiler.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int argument_count, char** arguments) {
    std::vector<std::filesystem::path> files;
    for (int i = 1; i < argument_count; ++i) {
        std::copy(std::filesystem::directory_iterator{arguments[i]}, {}, std::back_inserter(files));
    }
    std::ranges::sort(files);
    for (const auto& file : files) {
        std::ifstream stream{file, std::ios::binary};
        const std::vector<char> content{std::istreambuf_iterator<char>{stream}, {}};
        std::fprintf(stderr, "%s\n", file.filename().c_str());
        static_cast<void>(
            LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(content.data()), content.size()));
    }
    std::fprintf(stderr, "%zu inputs\n", files.size());
    return files.empty() ? 1 : 0;
}
