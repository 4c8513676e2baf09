#include "engine/results/results_file.hpp"

#include "engine/core/error.hpp"
#include "engine/core/overloaded.hpp"
#include "engine/hdf5/hdf5_library.hpp"
#include "engine/results/dataset_name.hpp"
#include "engine/results/file.hpp"
#include "engine/results/utf8.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <deque>
#include <set>
#include <string>
#include <vector>

namespace hpogrid::results {
namespace fs = std::filesystem;
namespace {

using hdf5::check_hdf5;
using hdf5::Hdf5Handle;
using hdf5::lock_hdf5;
using hdf5::make_text_type;
using hdf5::make_truth_type;

// Links carry UTF-8 names only where they are told so; ASCII is the default.
Hdf5Handle utf8_links() {
    Hdf5Handle properties = check_hdf5(H5Pcreate(H5P_LINK_CREATE), H5Pclose, "make a property list");
    H5Pset_char_encoding(properties.id(), H5T_CSET_UTF8);
    return properties;
}

void write_dataset(hid_t group, const std::string& name, hid_t file_type, hid_t memory_type, std::size_t size,
                   const void* data) {
    const hsize_t dimension = size;
    const std::string what = fmt::format("write column '{}'", name);
    const Hdf5Handle links = utf8_links();
    const Hdf5Handle dataspace = check_hdf5(H5Screate_simple(1, &dimension, nullptr), H5Sclose, what);
    const Hdf5Handle dataset =
        check_hdf5(H5Dcreate2(group, name.c_str(), file_type, dataspace.id(), links.id(), H5P_DEFAULT, H5P_DEFAULT),
                   H5Dclose, what);
    check_hdf5(size == 0 || H5Dwrite(dataset.id(), memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0, what);
}

void write_texts(hid_t group, const std::string& name, const std::vector<std::string>& texts) {
    const Hdf5Handle type = make_text_type();
    std::deque<std::string> mended;
    std::vector<const char*> pointers;
    pointers.reserve(texts.size());
    for (const std::string& text : texts) {
        pointers.push_back(is_valid_utf8(text) ? text.c_str() : mended.emplace_back(valid_utf8(text)).c_str());
    }
    write_dataset(group, name, type.id(), type.id(), pointers.size(), pointers.data());
}

void write_column(hid_t group, const std::string& name, const ColumnData& column) {
    std::visit(Overloaded{
                   [&](const std::vector<double>& data) {
                       write_dataset(group, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, data.size(), data.data());
                   },
                   [&](const std::vector<std::int64_t>& data) {
                       write_dataset(group, name, H5T_STD_I64LE, H5T_NATIVE_INT64, data.size(), data.data());
                   },
                   [&](const std::vector<Truth>& data) {
                       const Hdf5Handle type = make_truth_type();
                       write_dataset(group, name, type.id(), type.id(), data.size(), data.data());
                   },
                   [&](const std::vector<std::string>& data) { write_texts(group, name, data); },
               },
               column);
}

Hdf5Handle write_group(hid_t parent, const char* name, const Table& table) {
    Hdf5Handle group =
        check_hdf5(H5Gcreate2(parent, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Gclose, "make a group");
    std::set<std::string> taken;
    for (const Column& column : table) {
        std::string dataset = dataset_name(column.name);
        // Names that were no UTF-8 may have become the same.
        while (!taken.insert(dataset).second) {
            dataset += '_';
        }
        write_column(group.id(), dataset, column.data);
    }
    return group;
}

void write_attribute(hid_t file, const char* name, hid_t file_type, hid_t memory_type, const void* value) {
    const std::string what = fmt::format("write attribute '{}'", name);
    const Hdf5Handle scalar = check_hdf5(H5Screate(H5S_SCALAR), H5Sclose, what);
    const Hdf5Handle attribute =
        check_hdf5(H5Acreate2(file, name, file_type, scalar.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose, what);
    check_hdf5(H5Awrite(attribute.id(), memory_type, value) >= 0, what);
}

void write_text_attribute(hid_t file, const char* name, const std::string& text) {
    const Hdf5Handle type = make_text_type();
    const std::string valid = valid_utf8(text);
    const char* pointer = valid.c_str();
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
    write_attribute(file, "num_trials", H5T_STD_U64LE, H5T_NATIVE_UINT64, &tables.num_trials);
    write_text_attribute(file, "status", tables.status);
    write_attribute(file, "best_trial", H5T_STD_I64LE, H5T_NATIVE_INT64, &tables.best_trial);
    write_text_attribute(file, "best_checkpoint", tables.best_checkpoint);
    write_text_attribute(file, "config", tables.config);
}

void write_groups(hid_t file, const ResultsTables& tables) {
    const Hdf5Handle trials = write_group(file, "trials", tables.trials);
    write_group(trials.id(), "params", tables.params);
    write_group(trials.id(), "metrics", tables.metrics);
    const Hdf5Handle reports = write_group(file, "reports", tables.reports);
    write_group(reports.id(), "metrics", tables.report_metrics);
}

/// The file as bytes: HDF5 builds it in memory, so that a full disk is met by plain writes, which say why they failed,
/// and never leaves HDF5 with a file that it can neither write nor close.
std::vector<std::byte> image_of(const ResultsTables& tables) {
    const auto lock = lock_hdf5();
    const Hdf5Handle access = check_hdf5(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "make a property list");
    constexpr std::size_t growth = std::size_t{4} << 20U;
    check_hdf5(H5Pset_fapl_core(access.id(), growth, 0) >= 0, "make a file in memory");
    const Hdf5Handle file =
        check_hdf5(H5Fcreate("results.h5", H5F_ACC_TRUNC, H5P_DEFAULT, access.id()), H5Fclose, "make a file in memory");
    write_attributes(file.id(), tables);
    write_groups(file.id(), tables);
    check_hdf5(H5Fflush(file.id(), H5F_SCOPE_GLOBAL) >= 0, "complete the file");
    const ssize_t size = H5Fget_file_image(file.id(), nullptr, 0);
    check_hdf5(size > 0, "give the file");
    std::vector<std::byte> bytes(static_cast<std::size_t>(size));
    check_hdf5(H5Fget_file_image(file.id(), bytes.data(), bytes.size()) == size, "give the file");
    return bytes;
}

}  // namespace

void write_results_file(const fs::path& path, const ResultsTables& tables) {
    replace_file(path, image_of(tables));
}

void write_results_file(const fs::path& path, const Snapshot& snapshot) {
    write_results_file(path, tabulate(snapshot));
}

}  // namespace hpogrid::results
