#include "engine/trials/native/hdf5_table.hpp"

#include "engine/core/error.hpp"
#include "engine/hdf5/hdf5_library.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace hpogrid::trials {
namespace {

using hdf5::check_hdf5;
using hdf5::Hdf5Handle;

bool is_number(hid_t type) {
    const H5T_class_t kind = H5Tget_class(type);
    // h5py writes truth values as an enumeration of two.
    return kind == H5T_FLOAT || kind == H5T_INTEGER || (kind == H5T_ENUM && H5Tget_nmembers(type) == 2);
}

struct Shape {
    std::size_t rows{0};
    std::size_t width{1};
    bool is_table{false};  ///< has one or two dimensions
};

Shape shape_of(hid_t dataset) {
    const Hdf5Handle space = check_hdf5(H5Dget_space(dataset), H5Sclose, "read a shape");
    std::array<hsize_t, 2> sizes{0, 1};
    const int dimensions = H5Sget_simple_extent_ndims(space.id());
    if (dimensions < 1 || dimensions > 2) {
        return {};
    }
    check_hdf5(H5Sget_simple_extent_dims(space.id(), sizes.data(), nullptr) >= 0, "read a shape");
    return {static_cast<std::size_t>(sizes[0]), static_cast<std::size_t>(sizes[1]), true};
}

std::vector<float> read_floats(hid_t dataset, hid_t memory_type, std::size_t count) {
    std::vector<float> values(count);
    check_hdf5(count == 0 || H5Dread(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) >= 0,
               "read a column");
    return values;
}

std::vector<float> read_truths(hid_t dataset, hid_t type, std::size_t count) {
    check_hdf5(H5Tget_size(type) == 1, "read truth values of more than a byte");
    std::vector<signed char> truths(count);
    check_hdf5(count == 0 || H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, truths.data()) >= 0,
               "read a column of truth values");
    return {truths.begin(), truths.end()};
}

void add_dataset(hid_t dataset, hid_t type, const std::string& name, NumberTable& table) {
    const Shape shape = shape_of(dataset);
    if (!shape.is_table || shape.width == 0) {
        return;
    }
    const std::size_t count = shape.rows * shape.width;
    const std::vector<float> values = H5Tget_class(type) == H5T_ENUM ? read_truths(dataset, type, count)
                                                                     : read_floats(dataset, H5T_NATIVE_FLOAT, count);
    for (std::size_t i = 0; i < shape.width; ++i) {
        std::vector<float> column;
        column.reserve(shape.rows);
        for (std::size_t row = 0; row < shape.rows; ++row) {
            column.push_back(values[row * shape.width + i]);
        }
        table.names.push_back(shape.width == 1 ? name : fmt::format("{}_{}", name, i));
        table.columns.push_back(std::move(column));
    }
}

/// Reads one number of each record: HDF5 picks it by its name.
std::vector<float> read_member(hid_t dataset, const char* name, std::size_t rows) {
    const Hdf5Handle wanted = check_hdf5(H5Tcreate(H5T_COMPOUND, sizeof(float)), H5Tclose, "make a type of records");
    check_hdf5(H5Tinsert(wanted.id(), name, 0, H5T_NATIVE_FLOAT) >= 0, "make a type of records");
    return read_floats(dataset, wanted.id(), rows);
}

void add_records(hid_t dataset, hid_t type, NumberTable& table) {
    const Shape shape = shape_of(dataset);
    check_hdf5(shape.is_table && shape.width == 1, "read records in more than one dimension");
    for (int i = 0; i < H5Tget_nmembers(type); ++i) {
        const auto index = static_cast<unsigned>(i);
        const H5T_class_t kind = H5Tget_member_class(type, index);
        if (kind != H5T_FLOAT && kind != H5T_INTEGER) {
            continue;
        }
        char* const name = H5Tget_member_name(type, index);
        table.names.emplace_back(name);
        H5free_memory(name);
        table.columns.push_back(read_member(dataset, table.names.back().c_str(), shape.rows));
    }
}

/// Names of the datasets of a group.
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

NumberTable read_object(hid_t object) {
    NumberTable table;
    if (H5Iget_type(object) == H5I_DATASET) {
        const Hdf5Handle type = check_hdf5(H5Dget_type(object), H5Tclose, "read a type");
        check_hdf5(H5Tget_class(type.id()) == H5T_COMPOUND, "find columns: neither a group nor records");
        add_records(object, type.id(), table);
        return table;
    }
    for (const std::string& name : dataset_names(object)) {
        const Hdf5Handle dataset = check_hdf5(H5Dopen2(object, name.c_str(), H5P_DEFAULT), H5Dclose, "open " + name);
        const Hdf5Handle type = check_hdf5(H5Dget_type(dataset.id()), H5Tclose, "read a type");
        if (is_number(type.id())) {
            add_dataset(dataset.id(), type.id(), name, table);
        }
    }
    return table;
}

void check_lengths(const NumberTable& table, const std::string& place) {
    if (table.rows() == 0) {
        throw InputError{
            fmt::format("{}: no rows of numbers, allowed: a dataset for each column, or one of records", place)};
    }
    for (std::size_t i = 1; i < table.names.size(); ++i) {
        if (table.columns[i].size() != table.rows()) {
            throw InputError{fmt::format("{}: '{}' has {} rows and '{}' has {}, allowed: columns of one length", place,
                                         table.names[i], table.columns[i].size(), table.names[0], table.rows())};
        }
    }
}

}  // namespace

NumberTable read_hdf5(const std::filesystem::path& file, const std::string& path) {
    const std::string place = path == "/" ? file.string() : file.string() + ":" + path;
    NumberTable table;
    try {
        const auto lock = hdf5::lock_hdf5();
        const Hdf5Handle open = check_hdf5(H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, "open it");
        const Hdf5Handle object = check_hdf5(H5Oopen(open.id(), path.c_str(), H5P_DEFAULT), H5Oclose, "find it");
        table = read_object(object.id());
    } catch (const OutputError& error) {
        throw InputError{
            fmt::format("{}: {}, allowed: an HDF5 file, and a group or records in it", place, error.what())};
    }
    check_lengths(table, place);
    return table;
}

}  // namespace hpogrid::trials
