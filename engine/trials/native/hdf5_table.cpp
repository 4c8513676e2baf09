#include "engine/trials/native/hdf5_table.hpp"

#include "engine/core/error.hpp"
#include "engine/hdf5/hdf5_library.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace hpogrid::trials {
namespace {

using hdf5::check_hdf5;
using hdf5::dataset_names;
using hdf5::Hdf5Handle;

using Wanted = std::function<bool(std::string_view)>;

/// What of a table is read.
struct Reading {
    const Wanted& wanted;
    TablePart part;
};

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

/// Rows `first` … `first + rows` − 1 of a table of numbers, [row][column].
std::vector<float> read_rows(hid_t dataset, hid_t type, const Shape& shape, std::size_t first, std::size_t rows) {
    const std::array<hsize_t, 2> start{first, 0};
    const std::array<hsize_t, 2> count{rows, shape.width};
    const Hdf5Handle part = check_hdf5(H5Dget_space(dataset), H5Sclose, "read a shape");
    const int dimensions = H5Sget_simple_extent_ndims(part.id());
    check_hdf5(H5Sselect_hyperslab(part.id(), H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr) >= 0,
               "choose rows");
    const Hdf5Handle memory = check_hdf5(H5Screate_simple(dimensions, count.data(), nullptr), H5Sclose, "make a shape");
    const auto read = [&](hid_t memory_type, void* values) {
        check_hdf5(H5Dread(dataset, memory_type, memory.id(), part.id(), H5P_DEFAULT, values) >= 0, "read a column");
    };
    std::vector<float> values(rows * shape.width);
    if (H5Tget_class(type) != H5T_ENUM) {
        read(H5T_NATIVE_FLOAT, values.data());
        return values;
    }
    check_hdf5(H5Tget_size(type) == 1, "read truth values of more than a byte");
    std::vector<signed char> truths(values.size());
    read(type, truths.data());
    std::ranges::copy(truths, values.begin());
    return values;
}

/// A column of a dataset, and of the table that it goes to.
struct ColumnPair {
    std::size_t of_dataset;
    std::size_t of_table;
};

std::vector<ColumnPair> wanted_columns(const Shape& shape, const std::string& name, const Wanted& wanted,
                                       NumberTable& table) {
    std::vector<ColumnPair> pairs;
    for (std::size_t i = 0; i < shape.width; ++i) {
        std::string column = shape.width == 1 ? name : fmt::format("{}_{}", name, i);
        if (!wanted(column)) {
            table.left_out.push_back(std::move(column));
            continue;
        }
        pairs.push_back({i, table.columns.size()});
        table.names.push_back(std::move(column));
        table.lengths.push_back(shape.rows);
        table.columns.emplace_back();
    }
    return pairs;
}

void add_dataset(hid_t dataset, hid_t type, const std::string& name, const Reading& reading, NumberTable& table) {
    constexpr std::size_t numbers_at_once = std::size_t{1} << 20;
    const Shape shape = shape_of(dataset);
    if (!shape.is_table || shape.width == 0) {
        return;
    }
    const std::vector<ColumnPair> pairs = wanted_columns(shape, name, reading.wanted, table);
    if (reading.part == TablePart::outline) {
        return;
    }
    for (const ColumnPair& pair : pairs) {
        table.columns[pair.of_table].reserve(shape.rows);
    }
    const std::size_t rows_at_once = std::max<std::size_t>(1, numbers_at_once / shape.width);
    for (std::size_t first = 0; first < shape.rows && !pairs.empty(); first += rows_at_once) {
        const std::size_t rows = std::min(rows_at_once, shape.rows - first);
        const std::vector<float> values = read_rows(dataset, type, shape, first, rows);
        for (const ColumnPair& pair : pairs) {
            for (std::size_t row = 0; row < rows; ++row) {
                table.columns[pair.of_table].push_back(values[row * shape.width + pair.of_dataset]);
            }
        }
    }
}

/// Reads one number of each record: HDF5 picks it by its name.
std::vector<float> read_member(hid_t dataset, const char* name, std::size_t rows) {
    const Hdf5Handle wanted = check_hdf5(H5Tcreate(H5T_COMPOUND, sizeof(float)), H5Tclose, "make a type of records");
    check_hdf5(H5Tinsert(wanted.id(), name, 0, H5T_NATIVE_FLOAT) >= 0, "make a type of records");
    std::vector<float> values(rows);
    check_hdf5(rows == 0 || H5Dread(dataset, wanted.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) >= 0,
               "read a column");
    return values;
}

void add_records(hid_t dataset, hid_t type, const Reading& reading, NumberTable& table) {
    const Shape shape = shape_of(dataset);
    check_hdf5(shape.is_table && shape.width == 1, "read records in more than one dimension");
    for (int i = 0; i < H5Tget_nmembers(type); ++i) {
        const auto index = static_cast<unsigned>(i);
        const H5T_class_t kind = H5Tget_member_class(type, index);
        if (kind != H5T_FLOAT && kind != H5T_INTEGER) {
            continue;
        }
        char* const name = H5Tget_member_name(type, index);
        std::string column{name};
        H5free_memory(name);
        if (reading.wanted(column)) {
            const bool outline = reading.part == TablePart::outline;
            table.columns.push_back(outline ? std::vector<float>{} : read_member(dataset, column.c_str(), shape.rows));
            table.lengths.push_back(shape.rows);
            table.names.push_back(std::move(column));
        } else {
            table.left_out.push_back(std::move(column));
        }
    }
}

NumberTable read_object(hid_t object, const Reading& reading) {
    NumberTable table;
    if (H5Iget_type(object) == H5I_DATASET) {
        const Hdf5Handle type = check_hdf5(H5Dget_type(object), H5Tclose, "read a type");
        check_hdf5(H5Tget_class(type.id()) == H5T_COMPOUND, "find columns: neither a group nor records");
        add_records(object, type.id(), reading, table);
        return table;
    }
    for (const std::string& name : dataset_names(object)) {
        const Hdf5Handle dataset = check_hdf5(H5Dopen2(object, name.c_str(), H5P_DEFAULT), H5Dclose, "open " + name);
        const Hdf5Handle type = check_hdf5(H5Dget_type(dataset.id()), H5Tclose, "read a type");
        if (is_number(type.id())) {
            add_dataset(dataset.id(), type.id(), name, reading, table);
        }
    }
    return table;
}

void check_lengths(const NumberTable& table, const std::string& place) {
    const bool has_rows = !table.lengths.empty() && table.lengths.front() > 0;
    if (!has_rows && table.left_out.empty()) {
        throw InputError{
            fmt::format("{}: no rows of numbers, allowed: a dataset for each column, or one of records", place)};
    }
    for (std::size_t i = 1; i < table.names.size(); ++i) {
        if (table.lengths[i] != table.lengths[0]) {
            throw InputError{fmt::format("{}: '{}' has {} rows and '{}' has {}, allowed: columns of one length", place,
                                         table.names[i], table.lengths[i], table.names[0], table.lengths[0])};
        }
    }
}

}  // namespace

NumberTable read_hdf5(const std::filesystem::path& file, const std::string& path, const Wanted& wanted,
                      TablePart part) {
    const std::string place = path == "/" ? file.string() : file.string() + ":" + path;
    NumberTable table;
    try {
        const auto lock = hdf5::lock_hdf5();
        const Hdf5Handle open = check_hdf5(H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, "open it");
        const Hdf5Handle object = check_hdf5(H5Oopen(open.id(), path.c_str(), H5P_DEFAULT), H5Oclose, "find it");
        table = read_object(object.id(), {wanted, part});
    } catch (const OutputError& error) {
        throw InputError{
            fmt::format("{}: {}, allowed: an HDF5 file, and a group or records in it", place, error.what())};
    }
    check_lengths(table, place);
    return table;
}

}  // namespace hpogrid::trials
