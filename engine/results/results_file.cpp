#include "engine/results/results_file.hpp"

#include "engine/core/error.hpp"
#include "engine/core/overloaded.hpp"
#include "engine/results/file.hpp"
#include "engine/results/hdf5_handle.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <string>

namespace hpogrid::results {
namespace fs = std::filesystem;
namespace {

void check(bool ok, const std::string& what) {
    if (!ok) {
        throw OutputError{what};
    }
}

Hdf5Handle checked(hid_t id, Hdf5Handle::Close close, const char* what) {
    check(id >= 0, fmt::format("HDF5 could not {}", what));
    return {id, close};
}

Hdf5Handle text_type() {
    Hdf5Handle type = checked(H5Tcopy(H5T_C_S1), H5Tclose, "make a text type");
    H5Tset_size(type.id(), H5T_VARIABLE);
    H5Tset_cset(type.id(), H5T_CSET_UTF8);
    return type;
}

/// As h5py writes and reads truth values.
Hdf5Handle truth_type() {
    Hdf5Handle type = checked(H5Tenum_create(H5T_NATIVE_INT8), H5Tclose, "make a truth type");
    for (const auto& [name, value] : {std::pair{"FALSE", std::int8_t{0}}, std::pair{"TRUE", std::int8_t{1}}}) {
        H5Tenum_insert(type.id(), name, &value);
    }
    return type;
}

void write_dataset(hid_t group, const std::string& name, hid_t file_type, hid_t memory_type, std::size_t size,
                   const void* data) {
    const hsize_t dimension = size;
    const Hdf5Handle dataspace = checked(H5Screate_simple(1, &dimension, nullptr), H5Sclose, "make a data space");
    const Hdf5Handle dataset =
        checked(H5Dcreate2(group, name.c_str(), file_type, dataspace.id(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                H5Dclose, "make a dataset");
    check(size == 0 || H5Dwrite(dataset.id(), memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0,
          fmt::format("HDF5 could not write column '{}'", name));
}

void write_column(hid_t group, const Column& column) {
    std::visit(Overloaded{
                   [&](const std::vector<double>& data) {
                       write_dataset(group, column.name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, data.size(), data.data());
                   },
                   [&](const std::vector<std::int64_t>& data) {
                       write_dataset(group, column.name, H5T_STD_I64LE, H5T_NATIVE_INT64, data.size(), data.data());
                   },
                   [&](const std::vector<Truth>& data) {
                       const Hdf5Handle type = truth_type();
                       write_dataset(group, column.name, type.id(), type.id(), data.size(), data.data());
                   },
                   [&](const std::vector<std::string>& data) {
                       const Hdf5Handle type = text_type();
                       std::vector<const char*> texts;
                       texts.reserve(data.size());
                       for (const std::string& text : data) {
                           texts.push_back(text.c_str());
                       }
                       write_dataset(group, column.name, type.id(), type.id(), texts.size(), texts.data());
                   },
               },
               column.data);
}

/// HDF5 takes "." for the group itself; REFERENCE.md says how such a name is kept.
std::string dataset_name(const std::string& name) {
    return name == "." || name == ".." ? name + "_" : name;
}

void write_group(hid_t parent, const char* name, const Table& table, const char* subgroup = nullptr,
                 const Table& sub = {}, const char* second = nullptr, const Table& second_table = {}) {
    const Hdf5Handle group =
        checked(H5Gcreate2(parent, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Gclose, "make a group");
    for (const Column& column : table) {
        write_column(group.id(), {dataset_name(column.name), column.data});
    }
    if (subgroup != nullptr) {
        write_group(group.id(), subgroup, sub);
    }
    if (second != nullptr) {
        write_group(group.id(), second, second_table);
    }
}

void write_attribute(hid_t file, const char* name, hid_t file_type, hid_t memory_type, const void* value) {
    const Hdf5Handle scalar = checked(H5Screate(H5S_SCALAR), H5Sclose, "make a data space");
    const Hdf5Handle attribute = checked(H5Acreate2(file, name, file_type, scalar.id(), H5P_DEFAULT, H5P_DEFAULT),
                                         H5Aclose, "make an attribute");
    check(H5Awrite(attribute.id(), memory_type, value) >= 0, fmt::format("HDF5 could not write attribute '{}'", name));
}

void write_text_attribute(hid_t file, const char* name, const std::string& text) {
    const Hdf5Handle type = text_type();
    const char* pointer = text.c_str();
    write_attribute(file, name, type.id(), type.id(), static_cast<const void*>(&pointer));
}

void write_attributes(hid_t file, const ResultsTables& tables) {
    write_attribute(file, "schema_version", H5T_STD_I64LE, H5T_NATIVE_INT64, &tables.schema_version);
    write_text_attribute(file, "engine_version", tables.engine_version);
    write_text_attribute(file, "project_name", tables.project_name);
    write_text_attribute(file, "metric", tables.metric);
    write_text_attribute(file, "mode", tables.mode);
    write_text_attribute(file, "algorithm", tables.algorithm);
    write_text_attribute(file, "scheduler", tables.scheduler);
    write_attribute(file, "seed", H5T_STD_U64LE, H5T_NATIVE_UINT64, &tables.seed);
    write_text_attribute(file, "status", tables.status);
    write_attribute(file, "best_trial", H5T_STD_I64LE, H5T_NATIVE_INT64, &tables.best_trial);
    write_text_attribute(file, "config", tables.config);
}

/// The file as bytes: HDF5 builds it in memory, so that a full disk is met by plain writes, which say why they failed.
std::vector<std::byte> image_of(const ResultsTables& tables) {
    const Hdf5Handle access = checked(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "make a property list");
    constexpr std::size_t growth = std::size_t{4} << 20U;
    check(H5Pset_fapl_core(access.id(), growth, 0) >= 0, "HDF5 has no driver for files in memory");
    // The configuration is longer than the 64 KiB that old attributes may have.
    H5Pset_libver_bounds(access.id(), H5F_LIBVER_V18, H5F_LIBVER_LATEST);
    const Hdf5Handle file =
        checked(H5Fcreate("results.h5", H5F_ACC_TRUNC, H5P_DEFAULT, access.id()), H5Fclose, "make a file in memory");
    write_attributes(file.id(), tables);
    write_group(file.id(), "trials", tables.trials, "params", tables.params, "metrics", tables.metrics);
    write_group(file.id(), "reports", tables.reports, "metrics", tables.report_metrics);
    check(H5Fflush(file.id(), H5F_SCOPE_GLOBAL) >= 0, "HDF5 could not complete the file");
    const ssize_t size = H5Fget_file_image(file.id(), nullptr, 0);
    check(size > 0, "HDF5 could not give the file");
    std::vector<std::byte> bytes(static_cast<std::size_t>(size));
    check(H5Fget_file_image(file.id(), bytes.data(), bytes.size()) == size, "HDF5 could not give the file");
    return bytes;
}

/// HDF5 prints its stack of errors to standard error unless told otherwise.
void be_quiet() {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

}  // namespace

void write_results_file(const fs::path& path, const ResultsTables& tables) {
    be_quiet();
    replace_file(path, image_of(tables));
}

void write_results_file(const fs::path& path, const Snapshot& snapshot) {
    write_results_file(path, tabulate(snapshot));
}

}  // namespace hpogrid::results
