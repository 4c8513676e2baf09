#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "kernels/api/arrays.hpp"
#include "kernels/api/batch_norm.hpp"
#include "kernels/api/slot_table.hpp"

namespace hpogrid::kernels {

/// Data-parallel training: replicas of a slot, one on each of several devices, each take their share of every batch.
/// Then their gradients are summed, and each does the same optimiser step.

/// What one of several replicas of a slot takes of every batch: rows that follow each other, nearly as many as any
/// other, in whole blocks. The first replica is never without rows.
struct BatchShare {
    int replica{0};
    int replicas{1};
    int block{1};  ///< rows that stay together: a micro-batch where it is normalised as a whole
};

struct RowRange {
    int begin;
    int end;
};

/// \param batch_rows 1 or more
[[nodiscard]] constexpr RowRange rows_of_share(const BatchShare& share, int batch_rows) {
    const std::int64_t blocks = (std::int64_t{batch_rows} + share.block - 1) / share.block;
    const auto first_row = [&](int replica) {
        const std::int64_t block = (blocks * replica + share.replicas - 1) / share.replicas;
        return static_cast<int>(std::min<std::int64_t>(batch_rows, block * share.block));
    };
    return {first_row(share.replica), first_row(share.replica + 1)};
}

/// Rows of the batch that the slot is in.
[[nodiscard]] constexpr int rows_of_batch(const SlotRow& row, int training_rows) {
    const int first = row.progress.position - row.progress.accumulated;
    return std::min(row.settings.batch_size, training_rows - first);
}

/// Moves a slot to the micro-batch of its share that begins at `place`, a row of the batch; at the end of the share to
/// the end of the batch, where it waits.
constexpr void go_on_in_share(SlotRow& row, int place, int training_rows, int micro_batch, const BatchShare& share) {
    SlotProgress& progress = row.progress;
    const int whole = rows_of_batch(row, training_rows);
    const int end = rows_of_share(share, whole).end;
    const int next = place < end ? place : whole;
    progress.position += next - progress.accumulated;
    progress.accumulated = next;
    progress.rows = std::min(micro_batch, std::max(end - next, 0));
}

/// From the beginning of a batch to that of the share.
constexpr void enter_share(SlotRow& row, int training_rows, int micro_batch, const BatchShare& share) {
    const int begin = rows_of_share(share, rows_of_batch(row, training_rows)).begin;
    go_on_in_share(row, begin, training_rows, micro_batch, share);
}

/// On to the next micro-batch of the share. At its end all is as after the last micro-batch of the batch, but that this
/// one has no rows.
constexpr void advance_in_share(SlotRow& row, int training_rows, int micro_batch, const BatchShare& share) {
    const int next = row.progress.accumulated + row.progress.rows;
    go_on_in_share(row, next, training_rows, micro_batch, share);
}

/// The share that the running statistics have left when the batch is over, if they stop at the end of the slot's share:
/// what micro-batches of other replicas that follow make of it.
[[nodiscard]] constexpr float decay_after_share(const SlotRow& row, int training_rows, int micro_batch,
                                                const BatchShare& share) {
    const int whole = rows_of_batch(row, training_rows);
    const int rows = whole - rows_of_share(share, whole).end;
    // One row has no variance and moves nothing.
    const int last = rows % micro_batch > 1 ? 1 : 0;
    const int moves = (micro_batch > 1 ? rows / micro_batch : 0) + last;
    float factor = 1.0F;
    for (int i = 0; i < moves; ++i) {
        factor *= 1.0F - batch_norm_momentum;
    }
    return factor;
}

/// Before a batch: enters the share.
struct EnterShare {
    std::span<SlotRow> table;            ///< [slot]
    std::span<const int> training_rows;  ///< [fold]
    int micro_batch;                     ///< most rows of a micro-batch
    BatchShare share;
};

/// The last kernel of a micro-batch, in place of Advance.
struct AdvanceInShare {
    std::span<SlotRow> table;            ///< [slot]
    std::span<const int> training_rows;  ///< [fold]
    int micro_batch;                     ///< most rows of a micro-batch
    BatchShare share;
};

/// The running statistics of batch normalisation are linear in what moves them. So the first replica goes on from what
/// they were and all others begin a batch at zero (ClearStatistics); at the end of a share they fade by what is to
/// follow (FadeStatistics); their sum over the replicas is what one device would have.
struct ClearStatistics {
    std::span<const SlotRow> table;  ///< [slot]
    VectorBatch<float> statistics;   ///< out, [slot][parameter]
};
struct FadeStatistics {
    std::span<const SlotRow> table;      ///< [slot]
    std::span<const int> training_rows;  ///< [fold]
    int micro_batch;                     ///< most rows of a micro-batch
    BatchShare share;
    VectorBatch<float> statistics;  ///< in and out, [slot][parameter]
};

/// Whether the micro-batch at hand is the last one of the share.
[[nodiscard]] constexpr bool completes_share(const SlotRow& row, int training_rows, const BatchShare& share) {
    const int end = rows_of_share(share, rows_of_batch(row, training_rows)).end;
    return row.progress.accumulated + row.progress.rows == end;
}

/// Sums over replicas, in their order: bit for bit the same wherever it is computed.
struct SumReplicas {
    Matrix<const float> parts;  ///< [replica][element]
    std::span<float> sums;      ///< out, [element]
};

}  // namespace hpogrid::kernels
