#include "kernels/trainer/scorer.hpp"

namespace hpogrid::kernels {

Scorer::Scorer(Backend& backend, const DataSet& data)
    : backend_{&backend},
      row_{backend, 1},
      logits_{backend, static_cast<std::size_t>(data.most_validation_rows() * data.outputs())},
      order_{backend, static_cast<std::size_t>(data.most_validation_rows())},
      metrics_{backend, 1} {
    const int rows = data.most_validation_rows();
    const std::span<const float> logits = logits_.span();
    kernel_ = {row_.span(),
               data.view(),
               {logits, logits.size(), rows, data.outputs()},
               {order_.span(), static_cast<std::size_t>(rows), rows},
               metrics_.span()};
}

SlotMetrics Scorer::operator()(int fold, Loss loss, std::span<const float> logits) {
    SlotRow row;
    row.settings.fold = fold;
    row.settings.loss = loss;
    row_.write(0, {&row, 1});
    logits_.write(0, logits);
    backend_->run_once(kernel_, 0);
    return metrics_.read(0, 1).front();
}

}  // namespace hpogrid::kernels
