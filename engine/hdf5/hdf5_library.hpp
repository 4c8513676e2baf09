#pragma once

#include "engine/hdf5/hdf5_handle.hpp"

#include <mutex>
#include <string>
#include <vector>

namespace hpogrid::hdf5 {

/// The HDF5 library is one per process and not safe for threads: whoever uses it holds this lock meanwhile. Its own
/// printing of errors is switched off.
[[nodiscard]] std::unique_lock<std::mutex> lock_hdf5();

/// Throws OutputError "HDF5 could not <what> (<what HDF5 says>)" unless `ok`.
void check_hdf5(bool ok, const std::string& what);
/// The same for an identifier, which it takes over.
[[nodiscard]] Hdf5Handle check_hdf5(hid_t id, Hdf5Handle::Close close, const std::string& what);

/// Variable-length UTF-8.
[[nodiscard]] Hdf5Handle make_text_type();
/// Enumeration {FALSE, TRUE} of int8, as h5py writes and reads truth values.
[[nodiscard]] Hdf5Handle make_truth_type();

/// Names of the datasets of a group in the order of their names; its groups are left out. Throws as check_hdf5.
[[nodiscard]] std::vector<std::string> dataset_names(hid_t group);

}  // namespace hpogrid::hdf5
