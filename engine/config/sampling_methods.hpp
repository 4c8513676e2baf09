#pragma once

#include "engine/config/located.hpp"
#include "engine/space/sampling_method.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hpogrid::config {

/// One key of `dimension`, for the reference page.
struct DimensionKey {
    std::string_view name;
    std::string allowed;
    std::string default_value;  ///< "" = required
    std::string_view meaning;
};

/// One sampling method that users can name.
struct MethodEntry {
    std::string_view name;
    std::string_view meaning;
    std::vector<DimensionKey> keys;
    /// Reads `dimension`. Throws InputError.
    std::function<space::SamplingMethod(const Located&)> read;
};

/// All sampling methods: the seed's ten, and `fixed` of its later releases.
[[nodiscard]] std::vector<MethodEntry> sampling_methods();

}  // namespace hpogrid::config
