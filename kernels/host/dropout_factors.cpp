#include "kernels/host/dropout_factors.hpp"

#include "kernels/api/arrays.hpp"
#include "kernels/host/simd.hpp"

namespace hpogrid::kernels::host {
namespace {

// So many blocks of Philox side by side, one a SIMD lane.
constexpr int batch = 16;
using Words = std::uint32_t[batch];

/// `philox4x32` of `batch` counters that differ in their last word.
inline void philox_batch(const std::array<std::uint32_t, 4>& counter, std::array<std::uint32_t, 2> key, Words (&c)[4]) {
    for (int i = 0; i < batch; ++i) {
        c[0][i] = counter[0];
        c[1][i] = counter[1];
        c[2][i] = counter[2];
        c[3][i] = counter[3] + static_cast<std::uint32_t>(i);
    }
    for (int round = 0; round < 10; ++round) {
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
        for (int first = 0; first < units; first += batch * units_per_dropout_block) {
            const auto block = static_cast<std::uint32_t>(first / units_per_dropout_block);
            Words words[4];
            philox_batch({place.row, place.epoch, place.key.trial,
                          static_cast<std::uint32_t>(RandomUse::dropout) << 24U | place.layer << 16U | block},
                         key, words);
            for (int unit = first; unit < units && unit < first + batch * units_per_dropout_block; ++unit) {
                const int within = unit - first;
                const std::uint32_t word =
                    words[within % units_per_dropout_block / 2][within / units_per_dropout_block];
                const std::uint32_t bits = within % 2 == 0 ? word & 0xFFFFU : word >> 16U;
                factors[unit] = bits < dropout.threshold ? 0.0F : dropout.factor;
            }
        }
    });
}

}  // namespace hpogrid::kernels::host
