#include "engine/trials/native/event_data_sharing.hpp"

#include "engine/core/bytes.hpp"
#include "engine/core/error.hpp"

#include "kernels/api/collectives.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>

namespace hpogrid::trials {
namespace {

constexpr int reader = 0;

/// Everything but the arrays, and how long those are.
std::vector<std::byte> header_of(const EventData& data, const std::string& problem) {
    ByteWriter writer;
    writer.text(problem);
    writer.u32(static_cast<std::uint32_t>(data.features.size()));
    for (const std::string& name : data.features) {
        writer.text(name);
    }
    writer.u32(static_cast<std::uint32_t>(data.folds.size()));
    for (const kernels::Fold& fold : data.folds) {
        writer.i64(fold.validation_begin);
        writer.i64(fold.validation_end);
    }
    writer.i64(data.table.features);
    writer.i64(data.table.classes);
    for (const auto* array : {&data.table.values, &data.table.labels, &data.table.weights}) {
        writer.u64(array->size());
    }
    return writer.take();
}

/// Throws InputError if there is no data, but a problem.
EventData from_header(std::span<const std::byte> bytes) {
    ByteReader in{bytes};
    if (const std::string problem = in.text(); !problem.empty()) {
        throw InputError{problem};
    }
    EventData data;
    data.features.resize(in.list_size(sizeof(std::uint32_t)));
    for (std::string& name : data.features) {
        name = in.text();
    }
    data.folds.resize(in.list_size(2 * sizeof(std::int64_t)));
    for (kernels::Fold& fold : data.folds) {
        fold.validation_begin = static_cast<int>(in.i64());
        fold.validation_end = static_cast<int>(in.i64());
    }
    data.table.features = static_cast<int>(in.i64());
    data.table.classes = static_cast<int>(in.i64());
    for (auto* array : {&data.table.values, &data.table.labels, &data.table.weights}) {
        array->resize(in.u64());
    }
    in.expect_end();
    return data;
}

/// One member's side of the hand-over. Each call answers whether it came about.
class Handover {
  public:
    explicit Handover(kernels::Collectives& group) : group_{group} {}

    [[nodiscard]] bool header(std::vector<std::byte>& bytes) {
        std::array<std::uint64_t, 1> length{bytes.size()};
        if (!broadcast(std::as_writable_bytes(std::span{length}))) {
            return false;
        }
        bytes.resize(length[0]);
        return broadcast(bytes);
    }
    [[nodiscard]] bool arrays(kernels::Table& table) {
        return broadcast(std::as_writable_bytes(std::span{table.values})) &&
               broadcast(std::as_writable_bytes(std::span{table.labels})) &&
               broadcast(std::as_writable_bytes(std::span{table.weights}));
    }

  private:
    bool broadcast(std::span<std::byte> bytes) {
        try {
            group_.broadcast(reader, bytes);
            return kernels::wait(group_) == kernels::Transfer::done;
        } catch (const std::runtime_error&) {
            // The others must not wait for what will not come.
            group_.abort();
            return false;
        }
    }

    kernels::Collectives& group_;
};

EventData read_and_give(kernels::Collectives& group, const std::function<EventData()>& read) {
    Handover handover{group};
    try {
        EventData data = read();
        std::vector<std::byte> header = header_of(data, {});
        static_cast<void>(handover.header(header) && handover.arrays(data.table));
        return data;
    } catch (const InputError& error) {
        std::vector<std::byte> header = header_of({}, error.what());
        static_cast<void>(handover.header(header));
        throw;
    } catch (...) {
        group.abort();
        throw;
    }
}

/// Nothing if the reader is dead.
std::optional<EventData> take(kernels::Collectives& group) {
    Handover handover{group};
    std::vector<std::byte> header;
    if (!handover.header(header)) {
        return std::nullopt;
    }
    EventData data = from_header(header);
    return handover.arrays(data.table) ? std::optional{std::move(data)} : std::nullopt;
}

}  // namespace

EventData share_event_data(kernels::Collectives* group, const std::function<EventData()>& read) {
    if (group == nullptr || group->size() == 1) {
        return read();
    }
    if (group->rank() == reader) {
        return read_and_give(*group, read);
    }
    std::optional<EventData> taken = take(*group);
    return taken ? std::move(*taken) : read();
}

}  // namespace hpogrid::trials
