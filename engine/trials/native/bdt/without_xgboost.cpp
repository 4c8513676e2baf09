#include "engine/core/error.hpp"
#include "engine/trials/native/bdt/bdt_model.hpp"

namespace hpogrid::trials {

std::unique_ptr<NativeModel> make_bdt_model(EventData, const nlohmann::json&, const NativeResources&) {
    throw InputError{
        "model_config.model is 'bdt' (XGBoost was not there when this was built), allowed: mlp, or an engine built "
        "with libxgboost-dev"};
}

}  // namespace hpogrid::trials
