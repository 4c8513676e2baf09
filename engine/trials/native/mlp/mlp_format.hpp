#pragma once

#include "engine/trials/native/mlp/trained_mlp.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string_view>
#include <vector>

namespace hpogrid::trials {

/// A kind of file that a trained network is written to.
struct MlpFormat {
    std::string_view name;                                           ///< for users
    std::string_view file;                                           ///< in the trial's folder
    void (*write)(const std::filesystem::path&, const TrainedMlp&);  ///< throws OutputError
};

/// What `export` in `model_config.param` asks for: a list of "hdf5" and "onnx". Without it all that this engine was
/// built with. Throws InputError.
[[nodiscard]] std::vector<const MlpFormat*> read_mlp_formats(const nlohmann::json& param);

}  // namespace hpogrid::trials
