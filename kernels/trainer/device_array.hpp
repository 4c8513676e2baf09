#pragma once

#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "kernels/api/backend.hpp"

namespace hpogrid::kernels {

/// An array in the memory of a device, zero at first. Only kernels may touch what `span()` points to.
template <class T>
class DeviceArray {
    static_assert(std::is_trivially_copyable_v<T>);

  public:
    DeviceArray() = default;
    /// \param backend must outlive the array
    DeviceArray(Backend& backend, std::size_t size)
        : backend_{&backend},
          values_{reinterpret_cast<T*>(size == 0 ? nullptr : backend.allocate(size * sizeof(T))), size} {}
    DeviceArray(Backend& backend, std::span<const T> values) : DeviceArray{backend, values.size()} { write(0, values); }

    DeviceArray(DeviceArray&& other) noexcept
        : backend_{other.backend_}, values_{std::exchange(other.values_, std::span<T>{})} {}
    DeviceArray& operator=(DeviceArray&& other) noexcept {
        std::swap(backend_, other.backend_);
        std::swap(values_, other.values_);
        return *this;
    }
    ~DeviceArray() {
        if (!values_.empty()) {
            backend_->release(bytes(0));
        }
    }

    [[nodiscard]] std::span<T> span() const { return values_; }

    void write(std::size_t first, std::span<const T> values) {
        if (!values.empty()) {
            backend_->upload(bytes(first), reinterpret_cast<const std::byte*>(values.data()), values.size_bytes());
        }
    }
    void read(std::size_t first, std::span<T> values) const {
        if (!values.empty()) {
            backend_->download(reinterpret_cast<std::byte*>(values.data()), bytes(first), values.size_bytes());
        }
    }
    [[nodiscard]] std::vector<T> read(std::size_t first, std::size_t count) const {
        std::vector<T> values(count);
        read(first, values);
        return values;
    }
    /// Copies within the device.
    void copy(std::size_t to, std::size_t from, std::size_t count) {
        if (to != from) {
            backend_->copy(bytes(to), bytes(from), count * sizeof(T));
        }
    }

  private:
    [[nodiscard]] std::byte* bytes(std::size_t first) const {
        return reinterpret_cast<std::byte*>(values_.data() + first);
    }

    Backend* backend_{nullptr};
    std::span<T> values_;
};

}  // namespace hpogrid::kernels
