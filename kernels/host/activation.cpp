#include "kernels/api/activation.hpp"

#include "kernels/host/dropout_factors.hpp"
#include "kernels/host/kernels.hpp"
#include "kernels/host/vector_math.hpp"

namespace hpogrid::kernels::host {
namespace {

struct ValueAndSlope {
    float value;
    float slope;
};

// Comparisons are written so that not a number passes through: x < 0 is false for it.
struct Relu {
    static ValueAndSlope of(float x) { return {x < 0.0F ? 0.0F : x, x > 0.0F ? 1.0F : 0.0F}; }
};
struct LeakyRelu {
    static ValueAndSlope of(float x) { return {x < 0.0F ? 0.01F * x : x, x > 0.0F ? 1.0F : 0.01F}; }
};
struct Elu {
    static ValueAndSlope of(float x) {
        const float e = fast_exp(x);
        return {x < 0.0F ? e - 1.0F : x, x > 0.0F ? 1.0F : e};
    }
};
struct Tanh {
    static ValueAndSlope of(float x) {
        const float value = fast_tanh(x);
        return {value, 1.0F - value * value};
    }
};
struct Sigmoid {
    static ValueAndSlope of(float x) {
        const float value = fast_sigmoid(x);
        return {value, value * (1.0F - value)};
    }
};
struct Silu {
    static ValueAndSlope of(float x) {
        const float s = fast_sigmoid(x);
        return {x * s, s * (1.0F + x * (1.0F - s))};
    }
};
struct Gelu {
    static ValueAndSlope of(float x) {
        const float cdf = fast_normal_cdf(x);
        return {x * cdf, cdf + x * normal_density(x)};
    }
};

/// One row; the units beyond `units`, up to the padding, become zero.
template <class Function>
inline void apply(float* arguments, float* values, int units, bool with_slopes) {
    const int columns = padded(units);
    if (with_slopes) {
        for (int j = 0; j < columns; ++j) {
            const auto [value, slope] = Function::of(arguments[j]);
            values[j] = value;
            arguments[j] = slope;
        }
    } else {
        for (int j = 0; j < columns; ++j) {
            values[j] = Function::of(arguments[j]).value;
        }
    }
    for (int j = units; j < columns; ++j) {
        values[j] = 0.0F;
        arguments[j] = 0.0F;
    }
}

template <class Function>
void activate(const Activate& args, Place place) {
    const auto& [settings, progress] = row_of(args, place);
    const bool training = args.phase == Phase::training;
    const int units = active_units(settings, args.layer);
    const int rows = rows_at_work(progress, args.phase);
    const Matrix<float> arguments = args.arguments[place.lane];
    const Matrix<float> values = args.values[place.lane];
    dispatch([&](auto) {
        for (int i = 0; i < rows; ++i) {
            apply<Function>(arguments.row(i), values.row(i), units, training);
        }
    });
}

void drop_units(const Activate& args, Place place) {
    const auto& [settings, progress] = row_of(args, place);
    const Dropout dropout{settings.dropout};
    const int columns = active_columns(settings, args.layer);
    const int rows = rows_at_work(progress, Phase::training);
    float factors[max_width];
    for (int i = 0; i < rows; ++i) {
        dropout_factors(dropout,
                        {settings.key, static_cast<std::uint32_t>(progress.epoch),
                         static_cast<std::uint32_t>(progress.position + i), static_cast<std::uint32_t>(args.layer)},
                        columns, factors);
        float* const values = args.values[place.lane].row(i);
        float* const slopes = args.arguments[place.lane].row(i);
        dispatch([=, &factors](auto) {
            for (int j = 0; j < columns; ++j) {
                values[j] *= factors[j];
                slopes[j] *= factors[j];
            }
        });
    }
}

}  // namespace

void run(const Activate& args, Place place) {
    const SlotSettings& settings = row_of(args, place).settings;
    switch (settings.activation) {
        case Activation::relu:
            activate<Relu>(args, place);
            break;
        case Activation::gelu:
            activate<Gelu>(args, place);
            break;
        case Activation::silu:
            activate<Silu>(args, place);
            break;
        case Activation::tanh:
            activate<Tanh>(args, place);
            break;
        case Activation::elu:
            activate<Elu>(args, place);
            break;
        case Activation::sigmoid:
            activate<Sigmoid>(args, place);
            break;
        case Activation::leaky_relu:
            activate<LeakyRelu>(args, place);
            break;
    }
    if (args.phase == Phase::training && settings.dropout > 0.0F) {
        drop_units(args, place);
    }
}

void run(const ActivateBackward& args, Place place) {
    const auto& [settings, progress] = row_of(args, place);
    const int columns = active_columns(settings, args.layer);
    const int rows = rows_at_work(progress, Phase::training);
    const auto derivatives = args.derivatives[place.lane];
    const auto gradients = args.gradients[place.lane];
    dispatch([&](auto) {
        for (int i = 0; i < rows; ++i) {
            const float* factors = derivatives.row(i);
            float* row = gradients.row(i);
            for (int j = 0; j < columns; ++j) {
                row[j] *= factors[j];
            }
        }
    });
}

}  // namespace hpogrid::kernels::host
