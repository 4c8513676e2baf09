#include "engine/hdf5/hdf5_library.hpp"

#include "engine/core/error.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <utility>

namespace hpogrid::hdf5 {
namespace {

/// The innermost message of HDF5's stack of errors.
std::string last_hdf5_error() {
    std::string message;
    const auto note = [](unsigned, const H5E_error2_t* error, void* text) -> herr_t {
        *static_cast<std::string*>(text) = error->desc == nullptr ? "" : error->desc;
        return 0;
    };
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, note, &message);
    return message;
}

}  // namespace

std::unique_lock<std::mutex> lock_hdf5() {
    static std::mutex mutex;
    std::unique_lock lock{mutex};
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    return lock;
}

void check_hdf5(bool ok, const std::string& what) {
    if (!ok) {
        throw OutputError{fmt::format("HDF5 could not {} ({})", what, last_hdf5_error())};
    }
}

Hdf5Handle check_hdf5(hid_t id, Hdf5Handle::Close close, const std::string& what) {
    check_hdf5(id >= 0, what);
    return {id, close};
}

Hdf5Handle make_text_type() {
    Hdf5Handle type = check_hdf5(H5Tcopy(H5T_C_S1), H5Tclose, "make a text type");
    check_hdf5(H5Tset_size(type.id(), H5T_VARIABLE) >= 0 && H5Tset_cset(type.id(), H5T_CSET_UTF8) >= 0,
               "make a text type");
    return type;
}

Hdf5Handle make_truth_type() {
    Hdf5Handle type = check_hdf5(H5Tenum_create(H5T_NATIVE_INT8), H5Tclose, "make a truth type");
    for (const auto& [name, value] : {std::pair{"FALSE", std::int8_t{0}}, std::pair{"TRUE", std::int8_t{1}}}) {
        check_hdf5(H5Tenum_insert(type.id(), name, &value) >= 0, "make a truth type");
    }
    return type;
}

std::vector<std::string> dataset_names(hid_t group) {
    std::vector<std::string> names;
    const auto note = [](hid_t parent, const char* name, const H5L_info_t*, void* list) -> herr_t {
        H5O_info_t info;
        if (H5Oget_info_by_name(parent, name, &info, H5P_DEFAULT) >= 0 && info.type == H5O_TYPE_DATASET) {
            static_cast<std::vector<std::string>*>(list)->emplace_back(name);
        }
        return 0;
    };
    check_hdf5(H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, nullptr, note, &names) >= 0, "list a group");
    return names;
}

}  // namespace hpogrid::hdf5
