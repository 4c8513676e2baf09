#include "kernels/trainer/replica.hpp"

#include <algorithm>
#include <vector>

namespace hpogrid::kernels {
namespace {

/// Consecutive numbers of a slot in one of a replica's arrays.
struct Part {
    DeviceArray<float> BucketArrays::*array;
    std::size_t first;
    std::size_t count;
};

/// How many of `count` numbers are in each piece but the last ones: whole cache lines.
std::size_t piece_size(std::size_t count, std::size_t pieces) {
    constexpr auto line = static_cast<std::size_t>(padding);
    return (count / line + pieces - 1) / pieces * line;
}

/// One of equal pieces, perhaps shorter or empty at the end.
Part piece_of(const Part& whole, std::size_t pieces, std::size_t piece) {
    const std::size_t size = piece_size(whole.count, pieces);
    const std::size_t begin = std::min(whole.count, size * piece);
    return {whole.array, whole.first + begin, std::min(whole.count - begin, size)};
}

/// Adds a part up over the replicas on the device of one, then gives the sums to all.
void sum_part(std::span<const std::unique_ptr<Replica>> replicas, std::size_t summing, const Part& part) {
    if (part.count == 0) {
        return;
    }
    const std::size_t bytes = part.count * sizeof(float);
    const auto memory_of = [](std::span<float> values) { return reinterpret_cast<std::byte*>(values.data()); };
    const auto values_of = [&](const Replica& replica) {
        return (replica.arrays.*part.array).span().subspan(part.first, part.count);
    };
    Replica& own = *replicas[summing];
    for (std::size_t i = 0; i < replicas.size(); ++i) {
        own.backend->copy(memory_of(own.parts.span().subspan(i * part.count, part.count)),
                          memory_of(values_of(*replicas[i])), bytes);
    }
    const auto count = static_cast<int>(part.count);
    own.backend->run_once(
        SumReplicas{{own.parts.span().data(), static_cast<int>(replicas.size()), count}, values_of(own)}, 0);
    for (const auto& replica : replicas) {
        if (replica.get() != &own) {
            own.backend->copy(memory_of(values_of(*replica)), memory_of(values_of(own)), bytes);
        }
    }
}

std::size_t parts_size(const ParameterLayout& layout, const BatchShare& share) {
    const auto replicas = static_cast<std::size_t>(share.replicas);
    const std::size_t largest = std::max(layout.trained(), layout.size() - layout.trained());
    return replicas > 1 ? replicas * piece_size(largest, replicas) : 0;
}

std::vector<int> ends_of(const BatchShare& share, std::span<const Fold> folds) {
    std::vector<int> ends;
    for (const Fold& fold : folds) {
        ends.push_back(rows_of_share(share, fold.validation_rows()).end);
    }
    return ends;
}

}  // namespace

Replica::Replica(const Device& device, const NetworkShape& shape, int slots, int micro_batch, BatchShare share)
    : backend{device.backend},
      arrays{*device.backend, *device.data, shape, slots, micro_batch},
      validation_share{share.replica, share.replicas, micro_batch},
      validation_ends{*device.backend, ends_of(validation_share, device.data->folds())} {
    const DataSet& data = *device.data;
    if (share.replicas > 1) {
        // A micro-batch is normalised as a whole.
        share.block = shape.normalization == Normalization::batch ? micro_batch : 1;
        training = share_plan(arrays, data, share);
        enter = enter_plan(arrays, data, share);
        step = step_plan(arrays, data, share);
        parts = {*backend, parts_size(arrays.layout, share)};
    } else {
        training = training_plan(arrays, data);
    }
    validation = validation_plan(arrays, data, validation_ends.span());
    metrics = metrics_kernel(arrays, data);
}

RowRange validation_rows(const Replica& replica, const Fold& fold) {
    return rows_of_share(replica.validation_share, fold.validation_rows());
}

void gather_scores(std::span<const std::unique_ptr<Replica>> replicas, const Fold& fold, int slot) {
    Replica& first = *replicas.front();
    const auto outputs = static_cast<std::size_t>(first.arrays.shape.outputs);
    const auto begin_of_slot =
        static_cast<std::size_t>(slot) * static_cast<std::size_t>(first.arrays.most_validation_rows);
    for (const auto& replica : replicas.subspan(1)) {
        const RowRange rows = validation_rows(*replica, fold);
        const std::size_t begin = (begin_of_slot + static_cast<std::size_t>(rows.begin)) * outputs;
        const std::size_t count = static_cast<std::size_t>(rows.end - rows.begin) * outputs;
        const auto scores_of = [&](const Replica& one) {
            return reinterpret_cast<std::byte*>(one.arrays.validation_logits.span().subspan(begin, count).data());
        };
        if (count > 0) {
            first.backend->copy(scores_of(first), scores_of(*replica), count * sizeof(float));
        }
    }
}

void sum_piece(std::span<const std::unique_ptr<Replica>> replicas, int piece, int slot) {
    const ParameterLayout& layout = replicas.front()->arrays.layout;
    const std::size_t first = static_cast<std::size_t>(slot) * layout.size();
    const std::size_t trained = layout.trained();
    for (const Part& whole : {Part{&BucketArrays::gradients, first, trained},
                              Part{&BucketArrays::parameters, first + trained, layout.size() - trained}}) {
        const auto index = static_cast<std::size_t>(piece);
        sum_part(replicas, index, piece_of(whole, replicas.size(), index));
    }
}

}  // namespace hpogrid::kernels
