#pragma once

namespace hpogrid::kernels::host {

/// Instruction sets that inner loops are compiled for; the best one of the machine is chosen at run time, so that one
/// program runs on every node of a grid. Sums are ordered differently in each: results are bitwise the same on machines
/// of one level only.
struct Baseline {
    static constexpr int vector_bytes = 16;
    static constexpr int tile_rows = 4;
};
struct Avx2 {
    static constexpr int vector_bytes = 32;
    static constexpr int tile_rows = 6;
};
struct Avx512 {
    static constexpr int vector_bytes = 64;
    static constexpr int tile_rows = 8;
};

enum class SimdLevel { baseline, avx2, avx512 };

[[nodiscard]] inline SimdLevel best_simd_level() {
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
    static const SimdLevel best = __builtin_cpu_supports("x86-64-v4")   ? SimdLevel::avx512
                                  : __builtin_cpu_supports("x86-64-v3") ? SimdLevel::avx2
                                                                        : SimdLevel::baseline;
    return best;
#else
    return SimdLevel::baseline;
#endif
}

namespace detail {

// "flatten" pulls all that the loop calls into a function of the instruction set's own, where it is vectorised.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
template <class Work>
[[gnu::target("arch=x86-64-v4"), gnu::flatten, gnu::noinline]] void run_avx512(const Work& work) {
    work(Avx512{});
}
template <class Work>
[[gnu::target("arch=x86-64-v3"), gnu::flatten, gnu::noinline]] void run_avx2(const Work& work) {
    work(Avx2{});
}
#endif

template <class Work>
[[gnu::flatten, gnu::noinline]] void run_baseline(const Work& work) {
    work(Baseline{});
}

}  // namespace detail

/// Calls work(Avx512{}), work(Avx2{}) or work(Baseline{}), compiled for that instruction set.
template <class Work>
void dispatch([[maybe_unused]] SimdLevel level, const Work& work) {
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
    if (level == SimdLevel::avx512) {
        return detail::run_avx512(work);
    }
    if (level == SimdLevel::avx2) {
        return detail::run_avx2(work);
    }
#endif
    detail::run_baseline(work);
}

template <class Work>
void dispatch(const Work& work) {
    dispatch(best_simd_level(), work);
}

}  // namespace hpogrid::kernels::host
