#pragma once

#include <memory>
#include <vector>

#include "kernels/api/backend.hpp"
#include "kernels/trainer/device_array.hpp"
#include "test_backend.hpp"

namespace hpogrid::kernels {

/// A device with one slot that trains `rows` rows of a network with one hidden layer, for tests of single kernels.
struct OneSlot {
    explicit OneSlot(int rows, int units, int outputs = 1) {
        row.settings.units = {units, outputs};
        row.progress.steps_left = 1;
        row.progress.rows = rows;
        row.progress.validation_rows = rows;
    }

    /// Runs a kernel once with the row as it is now, and reads the row back.
    template <class Kernel>
    void run(Kernel kernel) {
        table.write(0, {&row, 1});
        kernel.table = table.span();
        backend->run_once(kernel, 0);
        table.read(0, {&row, 1});
    }

    [[nodiscard]] DeviceArray<float> array(const std::vector<float>& values) const {
        return {*backend, std::span<const float>{values}};
    }

    std::unique_ptr<Backend> backend = make_test_backend(1);
    DeviceArray<SlotRow> table{*backend, 1};
    SlotRow row{};
};

template <class T = float>
[[nodiscard]] MatrixBatch<T> matrix(const DeviceArray<float>& array, int rows, int columns) {
    return {array.span(), static_cast<std::size_t>(rows * columns), rows, columns};
}
template <class T = float>
[[nodiscard]] VectorBatch<T> vector(const DeviceArray<float>& array) {
    return {array.span(), array.span().size(), static_cast<int>(array.span().size())};
}
[[nodiscard]] inline std::vector<float> values(const DeviceArray<float>& array) {
    return array.read(0, array.span().size());
}

}  // namespace hpogrid::kernels
