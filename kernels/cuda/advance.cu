#include "kernels/api/advance.hpp"

#include "kernels/cuda/device.cuh"

namespace hpogrid::kernels::cuda {
namespace {

__global__ void advance_slot(Advance args, int first_slot) {
    SlotRow& row = args.table[static_cast<std::size_t>(this_slot(first_slot))];
    // A replica has no rows left when its share of the batch is done, and moves on with all others.
    const bool waits = args.phase == Phase::training ? row.progress.steps_left == 0 : row.progress.validation_rows == 0;
    if (waits) {
        return;
    }
    const auto fold = static_cast<std::size_t>(row.settings.fold);
    if (args.phase == Phase::training) {
        advance_training(row, args.training_rows[fold], args.micro_batch);
    } else {
        advance_validation(row, args.validation_rows[fold], args.micro_batch);
    }
}

}  // namespace

void run(const Advance& args, const Launch& launch) {
    advance_slot<<<grid_of(1, launch), 1, 0, launch.stream>>>(args, launch.first_slot);
    check_launch("advance");
}

}  // namespace hpogrid::kernels::cuda
