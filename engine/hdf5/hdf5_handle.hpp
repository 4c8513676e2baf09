#pragma once

#include <hdf5.h>

#include <utility>

namespace hpogrid::hdf5 {

/// Owns an HDF5 identifier; `close` is the function of its kind.
class Hdf5Handle {
  public:
    using Close = herr_t (*)(hid_t);

    Hdf5Handle(hid_t id, Close close) noexcept : id_{id}, close_{close} {}
    Hdf5Handle(Hdf5Handle&& other) noexcept : id_{std::exchange(other.id_, H5I_INVALID_HID)}, close_{other.close_} {}
    Hdf5Handle& operator=(Hdf5Handle&& other) noexcept {
        std::swap(id_, other.id_);
        std::swap(close_, other.close_);
        return *this;
    }
    ~Hdf5Handle() {
        if (id_ >= 0) {
            close_(id_);
        }
    }

    [[nodiscard]] hid_t id() const noexcept { return id_; }
    [[nodiscard]] bool valid() const noexcept { return id_ >= 0; }

  private:
    hid_t id_;
    Close close_;
};

}  // namespace hpogrid::hdf5
