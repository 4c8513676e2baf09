#pragma once

#include <string>
#include <string_view>

namespace hpogrid::results {

/// Name of the dataset that holds a column. Any UTF-8 name stays as it is, but for what HDF5 cannot keep: "/" becomes
/// "%2F", NUL "%00", a whole name "." "%2E" and the empty name "%". So that this can be undone, "%" becomes "%25" where
/// two hexadecimal digits follow and where it is the whole name. Bytes that are no UTF-8 become U+FFFD for good.
[[nodiscard]] std::string dataset_name(std::string_view column);

/// The inverse.
[[nodiscard]] std::string column_name(std::string_view dataset);

}  // namespace hpogrid::results
