#include "kernels/api/batch_share.hpp"

#include "kernels/cuda/device.cuh"

namespace hpogrid::kernels::cuda {
namespace {

constexpr int threads = 256;

__global__ void enter(EnterShare args, int first_slot) {
    SlotRow& row = args.table[static_cast<std::size_t>(this_slot(first_slot))];
    if (row.progress.steps_left > 0) {
        const int training_rows = args.training_rows[static_cast<std::size_t>(row.settings.fold)];
        enter_share(row, training_rows, args.micro_batch, args.share);
    }
}

__global__ void advance_slot(AdvanceInShare args, int first_slot) {
    SlotRow& row = args.table[static_cast<std::size_t>(this_slot(first_slot))];
    if (rows_at_work(row.progress, Phase::training) > 0) {
        const int training_rows = args.training_rows[static_cast<std::size_t>(row.settings.fold)];
        advance_in_share(row, training_rows, args.micro_batch, args.share);
    }
}

__global__ void clear(ClearStatistics args, int first_slot) {
    const int slot = this_slot(first_slot);
    if (args.table[static_cast<std::size_t>(slot)].progress.steps_left > 0 && this_element() < args.statistics.size) {
        args.statistics[slot][static_cast<std::size_t>(this_element())] = 0.0F;
    }
}

__global__ void fade(FadeStatistics args, int first_slot) {
    const int slot = this_slot(first_slot);
    const SlotRow& row = args.table[static_cast<std::size_t>(slot)];
    const int training_rows = args.training_rows[static_cast<std::size_t>(row.settings.fold)];
    if (rows_at_work(row.progress, Phase::training) == 0 || !completes_share(row, training_rows, args.share) ||
        this_element() >= args.statistics.size) {
        return;
    }
    args.statistics[slot][static_cast<std::size_t>(this_element())] *=
        decay_after_share(row, training_rows, args.micro_batch, args.share);
}

__global__ void sum(SumReplicas args) {
    const auto i = static_cast<std::size_t>(this_element());
    if (i >= args.sums.size()) {
        return;
    }
    float sum_of_all = args.parts.row(0)[i];
    for (int replica = 1; replica < args.parts.rows; ++replica) {
        sum_of_all += args.parts.row(replica)[i];
    }
    args.sums[i] = sum_of_all;
}

}  // namespace

void run(const EnterShare& args, const Launch& launch) {
    enter<<<grid_of(1, launch), 1, 0, launch.stream>>>(args, launch.first_slot);
    check_launch("enter a share");
}

void run(const AdvanceInShare& args, const Launch& launch) {
    advance_slot<<<grid_of(1, launch), 1, 0, launch.stream>>>(args, launch.first_slot);
    check_launch("advance in a share");
}

void run(const ClearStatistics& args, const Launch& launch) {
    clear<<<grid_of(blocks_for(args.statistics.size, threads), launch), threads, 0, launch.stream>>>(args,
                                                                                                     launch.first_slot);
    check_launch("clear statistics");
}

void run(const FadeStatistics& args, const Launch& launch) {
    fade<<<grid_of(blocks_for(args.statistics.size, threads), launch), threads, 0, launch.stream>>>(args,
                                                                                                    launch.first_slot);
    check_launch("fade statistics");
}

void run(const SumReplicas& args, const Launch& launch) {
    const int elements = static_cast<int>(args.sums.size());
    sum<<<blocks_for(elements, threads), threads, 0, launch.stream>>>(args);
    check_launch("sum over replicas");
}

}  // namespace hpogrid::kernels::cuda
