#include "kernels/api/advance.hpp"

#include "kernels/host/kernels.hpp"

namespace hpogrid::kernels::host {

void run(const Advance& args, Place place) {
    SlotRow& row = row_of(args, place);
    const auto fold = static_cast<std::size_t>(row.settings.fold);
    if (args.phase == Phase::training) {
        advance_training(row, args.training_rows[fold], args.micro_batch);
    } else {
        advance_validation(row, args.validation_rows[fold], args.micro_batch);
    }
}

}  // namespace hpogrid::kernels::host
