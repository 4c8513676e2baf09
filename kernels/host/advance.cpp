#include "kernels/api/advance.hpp"

#include "kernels/host/kernels.hpp"

namespace hpogrid::kernels::host {
namespace {

void advance_training(const Advance& args, SlotRow& row) {
    SlotProgress& progress = row.progress;
    const int training_rows = args.training_rows[static_cast<std::size_t>(row.settings.fold)];
    const bool stepped = completes_batch(row, training_rows);
    progress.position += progress.rows;
    progress.accumulated += progress.rows;
    if (stepped) {
        progress.accumulated = 0;
        ++progress.step;
        --progress.steps_left;
    }
    if (progress.position == training_rows) {
        progress.position = 0;
        ++progress.epoch;
    }
    progress.rows = next_rows(row, training_rows, args.micro_batch);
}

void advance_validation(const Advance& args, SlotRow& row) {
    SlotProgress& progress = row.progress;
    const int rows = args.validation_rows[static_cast<std::size_t>(row.settings.fold)];
    progress.validation_position += progress.validation_rows;
    progress.validation_rows = std::min(args.micro_batch, rows - progress.validation_position);
}

}  // namespace

void run(const Advance& args, Place place) {
    if (args.phase == Phase::training) {
        advance_training(args, row_of(args, place));
    } else {
        advance_validation(args, row_of(args, place));
    }
}

}  // namespace hpogrid::kernels::host
