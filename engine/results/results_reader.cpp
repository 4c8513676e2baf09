#include "engine/core/error.hpp"
#include "engine/hdf5/hdf5_library.hpp"
#include "engine/results/dataset_name.hpp"
#include "engine/results/results_file.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

namespace hpogrid::results {
namespace fs = std::filesystem;
namespace {

using hdf5::check_hdf5;
using hdf5::dataset_names;
using hdf5::Hdf5Handle;
using hdf5::lock_hdf5;
using hdf5::make_text_type;
using hdf5::make_truth_type;

template <class Element>
std::vector<Element> read_numbers(hid_t dataset, hid_t memory_type, std::size_t size) {
    std::vector<Element> data(size);
    check_hdf5(size == 0 || H5Dread(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data.data()) >= 0,
               "read a column");
    return data;
}

std::vector<std::string> read_texts(hid_t dataset, hid_t dataspace, std::size_t size) {
    const Hdf5Handle type = make_text_type();
    std::vector<char*> pointers = read_numbers<char*>(dataset, type.id(), size);
    std::vector<std::string> texts;
    texts.reserve(size);
    for (const char* pointer : pointers) {
        texts.emplace_back(pointer == nullptr ? "" : pointer);
    }
    if (size != 0) {
        H5Dvlen_reclaim(type.id(), dataspace, H5P_DEFAULT, pointers.data());
    }
    return texts;
}

ColumnData read_column(hid_t dataset) {
    const Hdf5Handle dataspace = check_hdf5(H5Dget_space(dataset), H5Sclose, "read a column");
    check_hdf5(H5Sget_simple_extent_ndims(dataspace.id()) == 1, "read a column that is no list");
    const auto size = static_cast<std::size_t>(H5Sget_simple_extent_npoints(dataspace.id()));
    const Hdf5Handle type = check_hdf5(H5Dget_type(dataset), H5Tclose, "read a column");
    switch (H5Tget_class(type.id())) {
        case H5T_FLOAT:
            return read_numbers<double>(dataset, H5T_NATIVE_DOUBLE, size);
        case H5T_INTEGER:
            return read_numbers<std::int64_t>(dataset, H5T_NATIVE_INT64, size);
        case H5T_ENUM:
            return read_numbers<Truth>(dataset, make_truth_type().id(), size);
        case H5T_STRING:
            check_hdf5(H5Tis_variable_str(type.id()) > 0, "read texts of fixed length");
            return read_texts(dataset, dataspace.id(), size);
        default:
            throw OutputError{"a column has a type that schema 1 does not know"};
    }
}

Table read_group(hid_t file, const char* path) {
    const Hdf5Handle group = check_hdf5(H5Gopen2(file, path, H5P_DEFAULT), H5Gclose, fmt::format("open {}", path));
    Table table;
    for (const std::string& name : dataset_names(group.id())) {
        const Hdf5Handle dataset =
            check_hdf5(H5Dopen2(group.id(), name.c_str(), H5P_DEFAULT), H5Dclose, "open " + name);
        table.push_back({column_name(name), read_column(dataset.id())});
    }
    return table;
}

Hdf5Handle open_attribute(hid_t file, const char* name) {
    return check_hdf5(H5Aopen(file, name, H5P_DEFAULT), H5Aclose, fmt::format("read attribute '{}'", name));
}

template <class Element>
Element read_number_attribute(hid_t file, const char* name, hid_t memory_type) {
    const Hdf5Handle attribute = open_attribute(file, name);
    Element value{};
    check_hdf5(H5Aread(attribute.id(), memory_type, &value) >= 0, fmt::format("read attribute '{}'", name));
    return value;
}

std::string read_text_attribute(hid_t file, const char* name) {
    const Hdf5Handle attribute = open_attribute(file, name);
    const Hdf5Handle type = make_text_type();
    char* pointer = nullptr;
    check_hdf5(H5Aread(attribute.id(), type.id(), static_cast<void*>(&pointer)) >= 0,
               fmt::format("read attribute '{}'", name));
    std::string text = pointer == nullptr ? "" : pointer;
    H5free_memory(pointer);
    return text;
}

void read_attributes(hid_t file, ResultsTables& tables) {
    tables.schema_version = read_number_attribute<std::int64_t>(file, "schema_version", H5T_NATIVE_INT64);
    if (tables.schema_version != 1) {
        throw OutputError{fmt::format("schema {} is not known (known: 1)", tables.schema_version)};
    }
    tables.engine_version = read_text_attribute(file, "engine_version");
    tables.project_name = read_text_attribute(file, "project_name");
    tables.metric = read_text_attribute(file, "metric");
    tables.mode = read_text_attribute(file, "mode");
    tables.algorithm = read_text_attribute(file, "algorithm");
    tables.scheduler = read_text_attribute(file, "scheduler");
    tables.seed = read_number_attribute<std::uint64_t>(file, "seed", H5T_NATIVE_UINT64);
    tables.status = read_text_attribute(file, "status");
    tables.best_trial = read_number_attribute<std::int64_t>(file, "best_trial", H5T_NATIVE_INT64);
    // Files of version 0.1.0 may lack these.
    if (H5Aexists(file, "best_checkpoint") > 0) {
        tables.best_checkpoint = read_text_attribute(file, "best_checkpoint");
    }
    if (H5Aexists(file, "num_trials") > 0) {
        tables.num_trials = read_number_attribute<std::uint64_t>(file, "num_trials", H5T_NATIVE_UINT64);
    }
    tables.config = read_text_attribute(file, "config");
}

/// All tables that share rows must have equally many.
void check_lengths(const Table& rows, const char* key, std::initializer_list<const Table*> tables) {
    const Column* column = find_column(rows, key);
    if (column == nullptr) {
        throw OutputError{fmt::format("column '{}' is missing", key)};
    }
    for (const Table* table : tables) {
        for (const Column& other : *table) {
            if (length(other.data) != length(column->data)) {
                throw OutputError{fmt::format("column '{}' has {} rows and '{}' {}", other.name, length(other.data),
                                              key, length(column->data))};
            }
        }
    }
}

}  // namespace

ResultsTables read_results_file(const fs::path& path) {
    const auto lock = lock_hdf5();
    try {
        const Hdf5Handle file =
            check_hdf5(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, "open the file");
        ResultsTables tables;
        read_attributes(file.id(), tables);
        tables.trials = read_group(file.id(), "/trials");
        tables.params = read_group(file.id(), "/trials/params");
        tables.metrics = read_group(file.id(), "/trials/metrics");
        tables.reports = read_group(file.id(), "/reports");
        tables.report_metrics = read_group(file.id(), "/reports/metrics");
        check_lengths(tables.trials, "id", {&tables.trials, &tables.params, &tables.metrics});
        check_lengths(tables.reports, "trial_id", {&tables.reports, &tables.report_metrics});
        return tables;
    } catch (const OutputError& error) {
        throw OutputError{fmt::format("{}: is no results file of hpogrid: {}", path.string(), error.what())};
    }
}

}  // namespace hpogrid::results
