#include "engine/trials/native/mlp/mlp_format.hpp"

#include "engine/core/error.hpp"
#include "engine/core/nearest.hpp"
#include "engine/trials/native/mlp/mlp_file.hpp"
#include "engine/trials/native/mlp/mlp_onnx.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>

namespace hpogrid::trials {
namespace {

using nlohmann::json;

constexpr std::array formats{
    MlpFormat{"hdf5", "model.h5", &write_mlp},
    MlpFormat{"onnx", "model.onnx", &write_onnx},
};

bool is_built_in(const MlpFormat& format) {
    return format.write != &write_onnx || onnx_is_built_in();
}

const MlpFormat& format_of(const json& name) {
    const auto format = std::ranges::find_if(formats, [&](const MlpFormat& one) { return name == one.name; });
    if (format == formats.end()) {
        std::vector<std::string_view> names;
        std::ranges::transform(formats, std::back_inserter(names), &MlpFormat::name);
        throw InputError{fmt::format("model_config.param key 'export' names {}{}, allowed: {}", name.dump(),
                                     name.is_string() ? did_you_mean(name.get<std::string>(), names) : "",
                                     join_names(names))};
    }
    if (!is_built_in(*format)) {
        throw InputError{
            "model_config.param key 'export' names 'onnx' (ONNX was not there when this was built), allowed: hdf5, or "
            "an engine built with libonnx-dev"};
    }
    return *format;
}

}  // namespace

std::vector<const MlpFormat*> read_mlp_formats(const json& param) {
    std::vector<const MlpFormat*> chosen;
    if (!param.contains("export")) {
        for (const MlpFormat& format : formats) {
            if (is_built_in(format)) {
                chosen.push_back(&format);
            }
        }
        return chosen;
    }
    const json& names = param.at("export");
    if (!names.is_array() || names.empty()) {
        throw InputError{fmt::format(
            R"(model_config.param key 'export' is {}, allowed: a list such as ["hdf5", "onnx"])", names.dump())};
    }
    for (const json& name : names) {
        const MlpFormat* const format = &format_of(name);
        if (std::ranges::find(chosen, format) == chosen.end()) {
            chosen.push_back(format);
        }
    }
    return chosen;
}

}  // namespace hpogrid::trials
