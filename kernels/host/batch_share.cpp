#include "kernels/api/batch_share.hpp"

#include "kernels/host/kernels.hpp"

namespace hpogrid::kernels::host {
namespace {

template <class Args>
[[nodiscard]] int training_rows_of(const Args& args, Place place) {
    return args.training_rows[static_cast<std::size_t>(row_of(args, place).settings.fold)];
}

}  // namespace

void run(const EnterShare& args, Place place) {
    SlotRow& row = row_of(args, place);
    // The batch that was stepped through may have been the slot's last one.
    if (row.progress.steps_left > 0) {
        enter_share(row, training_rows_of(args, place), args.micro_batch, args.share);
    }
}

void run(const AdvanceInShare& args, Place place) {
    advance_in_share(row_of(args, place), training_rows_of(args, place), args.micro_batch, args.share);
}

void run(const ClearStatistics& args, Place place) {
    if (row_of(args, place).progress.steps_left > 0) {
        std::ranges::fill(args.statistics[place.slot], 0.0F);
    }
}

void run(const FadeStatistics& args, Place place) {
    const SlotRow& row = row_of(args, place);
    const int training_rows = training_rows_of(args, place);
    if (completes_share(row, training_rows, args.share)) {
        const float factor = decay_after_share(row, training_rows, args.micro_batch, args.share);
        for (float& statistic : args.statistics[place.slot]) {
            statistic *= factor;
        }
    }
}

void run(const SumReplicas& args, Place) {
    dispatch([&](auto) {
        for (std::size_t i = 0; i < args.sums.size(); ++i) {
            float sum = args.parts.row(0)[i];
            for (int replica = 1; replica < args.parts.rows; ++replica) {
                sum += args.parts.row(replica)[i];
            }
            args.sums[i] = sum;
        }
    });
}

}  // namespace hpogrid::kernels::host
