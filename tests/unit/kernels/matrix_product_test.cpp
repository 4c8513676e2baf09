#include "kernels/host/matrix_product.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace hpogrid::kernels::host {
namespace {

struct Sizes {
    int rows;
    int columns;
    int depth;
};

std::vector<float> random_values(int count, unsigned seed) {
    std::mt19937 generator{seed};
    std::uniform_real_distribution<float> uniform{-1, 1};
    std::vector<float> values(static_cast<std::size_t>(count));
    for (float& value : values) {
        value = uniform(generator);
    }
    return values;
}

float at(const Operand& operand, int i, int j) {
    return operand.values[i * operand.row_stride + j * operand.column_stride];
}

/// Every instruction set that this machine can run.
class MatrixProducts : public testing::TestWithParam<SimdLevel> {
  protected:
    void SetUp() override {
        if (GetParam() > best_simd_level()) {
            GTEST_SKIP() << "this machine has no such instructions";
        }
    }

    /// C = start + A·B against sums in double precision.
    static void expect_right(Sizes sizes, const Operand& a, const Operand& b, std::vector<float> c, int c_stride) {
        const std::vector<float> before = c;
        multiply({sizes.rows, sizes.columns, sizes.depth, a, b, c.data(), c_stride, c.data(), c_stride}, GetParam());
        for (int i = 0; i < sizes.rows; ++i) {
            for (int j = 0; j < sizes.columns; ++j) {
                const auto index = static_cast<std::size_t>(i * c_stride + j);
                double expected = before[index];
                for (int p = 0; p < sizes.depth; ++p) {
                    expected += double{at(a, i, p)} * double{at(b, p, j)};
                }
                ASSERT_NEAR(c[index], expected, 1e-6 * (10 + sizes.depth)) << i << ' ' << j;
            }
        }
    }
};

constexpr Sizes shapes[] = {{1, 16, 1},   {7, 16, 3},     {8, 32, 16},    {33, 48, 31},
                            {64, 64, 64}, {13, 112, 257}, {100, 80, 600}, {5, 32, 0}};

TEST_P(MatrixProducts, AreRightForPlainMatrices) {
    for (const auto [rows, columns, depth] : shapes) {
        const auto a = random_values(rows * depth + 1, 1);
        const auto b = random_values(depth * columns + 1, 2);
        expect_right({rows, columns, depth}, {a.data(), depth, 1}, {b.data(), columns, 1},
                     random_values(rows * columns, 3), columns);
    }
}

TEST_P(MatrixProducts, AreRightForTransposedMatricesWithGapsBetweenRows) {
    for (const auto [rows, columns, depth] : shapes) {
        const int a_stride = rows + 5;
        const int b_stride = depth + 3;
        const auto a = random_values((depth + 1) * a_stride, 4);
        const auto b = random_values(columns * b_stride, 5);
        expect_right({rows, columns, depth}, {a.data(), 1, a_stride}, {b.data(), 1, b_stride},
                     random_values(rows * (columns + 16), 6), columns + 16);
    }
}

TEST_P(MatrixProducts, StartFromOneRowForAll) {
    const auto bias = random_values(32, 7);
    const std::vector<float> a(5 * 2, 0.0F);
    const std::vector<float> b(2 * 32, 1.0F);
    std::vector<float> c(5 * 32, 99.0F);
    multiply({5, 32, 2, {a.data(), 2, 1}, {b.data(), 32, 1}, bias.data(), 0, c.data(), 32}, GetParam());
    for (std::size_t i = 0; i < c.size(); ++i) {
        EXPECT_EQ(c[i], bias[i % 32]);
    }
}

INSTANTIATE_TEST_SUITE_P(AllLevels, MatrixProducts,
                         testing::Values(SimdLevel::baseline, SimdLevel::avx2, SimdLevel::avx512));

}  // namespace
}  // namespace hpogrid::kernels::host
