#include "engine/trials/native/mlp/mlp_file.hpp"

#include "engine/core/error.hpp"
#include "engine/hdf5/hdf5_library.hpp"
#include "engine/trials/native/mlp/mlp_settings.hpp"
#include "engine/trials/native/mlp/trained_mlp.hpp"

#include "kernels/api/batch_norm.hpp"
#include "kernels/api/layer_norm.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <system_error>
#include <vector>

namespace hpogrid::trials {
namespace fs = std::filesystem;
namespace {

using hdf5::check_hdf5;
using hdf5::Hdf5Handle;

void write_dataset(hid_t place, const char* name, std::span<const hsize_t> sizes, hid_t type, const void* values) {
    const std::string what = fmt::format("write '{}'", name);
    const Hdf5Handle space =
        check_hdf5(H5Screate_simple(static_cast<int>(sizes.size()), sizes.data(), nullptr), H5Sclose, what);
    const Hdf5Handle dataset =
        check_hdf5(H5Dcreate2(place, name, type, space.id(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Dclose, what);
    check_hdf5(H5Dwrite(dataset.id(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0, what);
}

void write_vector(hid_t place, const char* name, const std::vector<float>& values) {
    const hsize_t size = values.size();
    write_dataset(place, name, {&size, 1}, H5T_NATIVE_FLOAT, values.data());
}

void write_attribute(hid_t file, const char* name, hid_t type, const void* value) {
    const std::string what = fmt::format("write attribute '{}'", name);
    const Hdf5Handle scalar = check_hdf5(H5Screate(H5S_SCALAR), H5Sclose, what);
    const Hdf5Handle attribute =
        check_hdf5(H5Acreate2(file, name, type, scalar.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose, what);
    check_hdf5(H5Awrite(attribute.id(), type, value) >= 0, what);
}

void write_text_attribute(hid_t file, const char* name, std::string_view text) {
    const std::string copy{text};
    const char* const pointer = copy.c_str();
    write_attribute(file, name, hdf5::make_text_type().id(), static_cast<const void*>(&pointer));
}

void write_layer(hid_t file, std::size_t index, const kernels::LayerWeights& layer) {
    const std::string name = fmt::format("layer_{}", index);
    const Hdf5Handle group =
        check_hdf5(H5Gcreate2(file, name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Gclose, "make a group");
    const std::array<hsize_t, 2> sizes{static_cast<hsize_t>(layer.outputs), static_cast<hsize_t>(layer.inputs)};
    write_dataset(group.id(), "weights", sizes, H5T_NATIVE_FLOAT, layer.weights.data());
    write_vector(group.id(), "biases", layer.biases);
    if (!layer.gains.empty()) {
        write_vector(group.id(), "gains", layer.gains);
        write_vector(group.id(), "shifts", layer.shifts);
    }
    if (!layer.means.empty()) {
        write_vector(group.id(), "means", layer.means);
        write_vector(group.id(), "variances", layer.variances);
    }
}

void write_contents(hid_t file, const TrainedMlp& model) {
    const int format_version = 1;
    static_assert(kernels::layer_norm_epsilon == kernels::batch_norm_epsilon);
    const float norm_epsilon = kernels::layer_norm_epsilon;
    const int classes = model.classes;
    write_attribute(file, "format_version", H5T_NATIVE_INT, &format_version);
    write_text_attribute(file, "activation", activation_name(model.activation));
    write_text_attribute(file, "output", classes == 0 ? "value" : classes == 2 ? "logit" : "logits");
    write_attribute(file, "norm_epsilon", H5T_NATIVE_FLOAT, &norm_epsilon);
    write_attribute(file, "training_iteration", H5T_NATIVE_DOUBLE, &model.made.iteration);
    write_text_attribute(file, "metric", model.made.metric);
    write_attribute(file, "objective", H5T_NATIVE_DOUBLE, &model.made.objective);

    std::vector<const char*> names;
    for (const std::string& name : model.features) {
        names.push_back(name.c_str());
    }
    const hsize_t size = names.size();
    const auto names_data = static_cast<const void*>(names.data());
    write_dataset(file, "features", {&size, 1}, hdf5::make_text_type().id(), names_data);
    write_vector(file, "mean", model.mean);
    write_vector(file, "scale", model.scale);
    for (std::size_t i = 0; i < model.network.size(); ++i) {
        write_layer(file, i, model.network[i]);
    }
}

}  // namespace

void write_mlp(const fs::path& file, const TrainedMlp& model) {
    const fs::path beside = file.string() + ".part";
    try {
        const auto lock = hdf5::lock_hdf5();
        const Hdf5Handle open =
            check_hdf5(H5Fcreate(beside.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose, "create it");
        write_contents(open.id(), model);
        // Closing writes, too, and has no way to tell that it failed.
        check_hdf5(H5Fflush(open.id(), H5F_SCOPE_LOCAL) >= 0, "write it");
    } catch (const OutputError& error) {
        throw OutputError{fmt::format("{}: {}", beside.string(), error.what())};
    }
    std::error_code error;
    fs::rename(beside, file, error);
    if (error) {
        throw OutputError{fmt::format("{}: cannot be renamed: {}", beside.string(), error.message())};
    }
}

}  // namespace hpogrid::trials
