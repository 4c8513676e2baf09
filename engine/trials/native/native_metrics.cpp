#include "engine/trials/native/native_metrics.hpp"

#include <cmath>
#include <utility>

namespace hpogrid::trials {

std::vector<std::string_view> metric_names(int classes) {
    std::vector<std::string_view> names{"loss", "training_loss"};
    if (classes > 0) {
        names.emplace_back("accuracy");
    }
    if (classes == 2) {
        names.insert(names.end(), {"auc", "significance", "significance_cut", "asimov", "asimov_cut"});
    }
    return names;
}

study::Metrics named_metrics(const kernels::SlotMetrics& metrics, double training_loss) {
    study::Metrics all{{"loss", metrics.loss}, {"training_loss", training_loss}};
    for (const auto& [name, value] :
         {std::pair{"accuracy", metrics.accuracy}, std::pair{"auc", metrics.auc},
          std::pair{"significance", metrics.significance}, std::pair{"significance_cut", metrics.significance_cut},
          std::pair{"asimov", metrics.asimov}, std::pair{"asimov_cut", metrics.asimov_cut}}) {
        if (!std::isnan(value)) {
            all.emplace_back(name, value);
        }
    }
    return all;
}

}  // namespace hpogrid::trials
