#pragma once

#include <cstddef>
#include <span>

namespace hpogrid::kernels {

/// Which slot a kernel works on, and which working memory it may use. What lasts is indexed by slot; what lives within
/// a step is indexed by lane. The host has a lane for each thread, so that its working memory stays in the caches; a
/// GPU has a lane for each slot.
struct Place {
    int slot{0};
    int lane{0};
};

/// A dense row-major matrix that somebody else owns: [row][column].
template <class T>
struct Matrix {
    T* values{nullptr};
    int rows{0};
    int columns{0};

    [[nodiscard]] constexpr T* row(int index) const { return values + static_cast<std::ptrdiff_t>(index) * columns; }
};

/// A matrix for each slot or lane, all of one shape: [index][row][column], `stride` elements from one to the next.
template <class T>
struct MatrixBatch {
    std::span<T> values;
    std::size_t stride{0};
    int rows{0};
    int columns{0};

    [[nodiscard]] constexpr Matrix<T> operator[](int index) const {
        return {values.data() + static_cast<std::size_t>(index) * stride, rows, columns};
    }
};

/// A vector for each slot or lane: [index][element], `stride` elements from one to the next.
template <class T>
struct VectorBatch {
    std::span<T> values;
    std::size_t stride{0};
    int size{0};

    [[nodiscard]] constexpr std::span<T> operator[](int index) const {
        return values.subspan(static_cast<std::size_t>(index) * stride, static_cast<std::size_t>(size));
    }
};

/// Units, features and outputs are padded to a multiple of this with zeros: a cache line of float32, the widest vector
/// of any CPU.
inline constexpr int padding = 16;

[[nodiscard]] constexpr int padded(int count) {
    return (count + padding - 1) / padding * padding;
}

}  // namespace hpogrid::kernels
