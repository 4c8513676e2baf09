#pragma once

#include "engine/space/sampling_method.hpp"

#include <cstdint>
#include <limits>
#include <ostream>
#include <string>
#include <vector>

namespace hpogrid::space {

struct MethodExample {
    std::string name;
    SamplingMethod method;

    friend std::ostream& operator<<(std::ostream& out, const MethodExample& example) { return out << example.name; }
};

inline std::vector<MethodExample> discrete_examples() {
    using Limits = std::numeric_limits<std::int64_t>;
    return {
        {"Categorical", Categorical{{1, "a", nullptr, false, {1, 2}}}},
        {"OneCategory", Categorical{{"only"}}},
        {"Fixed", Fixed{3}},
        {"UniformInt", UniformInt{-3, 4}},
        {"UniformIntOneValue", UniformInt{5, 5}},
        {"UniformIntMillions", UniformInt{-5'000'000, 7'654'321}},
        {"UniformIntNearTheTop", UniformInt{Limits::max() - 9, Limits::max()}},
        {"QUniform", QUniform{-1, 2, 0.25}},
        {"QUniformWithPartsOfSteps", QUniform{0.3, 9.7, 2}},
        {"QUniformWithEdgesOfNoWidth", QUniform{-2.5, 3.5, 1}},
        {"QUniformDecimal", QUniform{0, 1, 0.1}},
        {"QUniformOneValue", QUniform{0.6, 1.4, 1}},
        {"QLogUniform", QLogUniform{1, 1000, 10, 5}},
        {"QLogUniformToZero", QLogUniform{1e-9, 2.5, 10, 1}},
        {"QNormal", QNormal{1, 2, 0.5}},
        {"QNormalCoarse", QNormal{0, 1, 3}},
        {"QLogNormal", QLogNormal{1, 0.5, 10, 2}},
        {"QLogNormalSmallBase", QLogNormal{-1, 0.5, 0.1, 2}},
    };
}

inline std::vector<MethodExample> real_examples() {
    return {
        {"Uniform", Uniform{-1, 3}},
        {"UniformFarFromZero", Uniform{1e6, 1e6 + 1}},
        {"UniformHuge", Uniform{-1e308, 1e308}},
        {"LogUniform", LogUniform{1e-5, 1e-1, 10}},
        {"LogUniformHuge", LogUniform{1e-300, 1e300, 10}},
        {"Normal", Normal{-2, 3}},
        {"LogNormal", LogNormal{0.5, 0.7, 2.718281828459045}},
        {"LogNormalBaseTen", LogNormal{-3, 1, 10}},
        {"LogNormalSmallBase", LogNormal{0.5, 0.7, 0.5}},
    };
}

/// Beyond what numbers can hold: for what must never overflow.
inline std::vector<MethodExample> extreme_examples() {
    using Limits = std::numeric_limits<std::int64_t>;
    return {
        {"UniformIntAll", UniformInt{Limits::min(), Limits::max()}},
        {"UniformIntHuge", UniformInt{-3, 3'000'000'000'000'000'001}},
        {"QUniformHuge", QUniform{-1.7e308, 1.7e308, 1e308}},
        {"QUniformFine", QUniform{-1e308, 1e308, 1e-10}},
        {"NormalHuge", Normal{1e308, 1e308}},
        {"QNormalHuge", QNormal{-1e308, 1e308, 1e307}},
        {"LogNormalHuge", LogNormal{0, 1e6, 10}},
        {"QLogNormalHuge", QLogNormal{0, 1e6, 10, 3}},
        {"QLogUniformHuge", QLogUniform{5e-324, 1.7e308, 10, 1e300}},
    };
}

}  // namespace hpogrid::space
