#include "engine/core/environment.hpp"

#include <cstdlib>

namespace hpogrid {

std::string environment_variable(const char* name, std::string_view otherwise) {
    const char* value = std::getenv(name);
    return std::string{value != nullptr && *value != '\0' ? std::string_view{value} : otherwise};
}

}  // namespace hpogrid
