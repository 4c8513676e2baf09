#include "kernels/host/dropout_factors.hpp"

#include <algorithm>

#include "kernels/api/arrays.hpp"
#include "kernels/host/simd.hpp"

namespace hpogrid::kernels::host {
namespace {

// A block of Philox in each SIMD lane.
constexpr int batch = dropout_blocks;
using Words = std::uint32_t[batch];

/// `philox4x32` of counters that differ in their last word.
inline void philox_batch(const std::array<std::uint32_t, 4>& counter, std::array<std::uint32_t, 2> key, Words (&c)[4]) {
    for (int i = 0; i < batch; ++i) {
        c[0][i] = counter[0];
        c[1][i] = counter[1];
        c[2][i] = counter[2];
        c[3][i] = counter[3] + static_cast<std::uint32_t>(i);
    }
    for (int round = 0; round < 10; ++round) {
#pragma omp simd
        for (int i = 0; i < batch; ++i) {
            const std::uint64_t p0 = std::uint64_t{0xD2511F53} * c[0][i];
            const std::uint64_t p1 = std::uint64_t{0xCD9E8D57} * c[2][i];
            c[0][i] = static_cast<std::uint32_t>(p1 >> 32U) ^ c[1][i] ^ key[0];
            c[1][i] = static_cast<std::uint32_t>(p1);
            c[2][i] = static_cast<std::uint32_t>(p0 >> 32U) ^ c[3][i] ^ key[1];
            c[3][i] = static_cast<std::uint32_t>(p0);
        }
        key[0] += 0x9E3779B9;
        key[1] += 0xBB67AE85;
    }
}

}  // namespace

void dropout_factors(const Dropout& dropout, const DropoutPlace& place, int units, float* factors) {
    const std::array<std::uint32_t, 2> key{static_cast<std::uint32_t>(place.key.seed),
                                           static_cast<std::uint32_t>(place.key.seed >> 32U)};
    dispatch([&](auto) {
        const Dropout drop = dropout;
        for (int first = 0; first < units; first += dropout_group) {
            const auto block = static_cast<std::uint32_t>(first) / dropout_group * dropout_blocks;
            Words words[4];
            philox_batch({place.row, place.epoch, place.key.trial,
                          static_cast<std::uint32_t>(RandomUse::dropout) << 24U | place.layer << 16U | block},
                         key, words);
            const int numbers = std::min(static_cast<int>(dropout_group), units - first) / batch;
            for (int number = 0; number < numbers; ++number) {
                float* const out = factors + first + number * batch;
                const std::uint32_t shift = number % 2 == 0 ? 0 : 16;
#pragma omp simd
                for (int i = 0; i < batch; ++i) {
                    const std::uint32_t bits = words[number / 2][i] >> shift & 0xFFFFU;
                    out[i] = bits < drop.threshold ? 0.0F : drop.factor;
                }
            }
        }
    });
}

}  // namespace hpogrid::kernels::host
