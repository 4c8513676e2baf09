// A trial that costs nothing, so that only the engine is measured.

#include "engine/trials/plugin/hpogrid_plugin.hpp"

namespace {

void train(const hpogrid::plugin::Configuration& configuration, hpogrid::plugin::Reporter& reporter) {
    reporter.report({{"loss", configuration.get<double>("x")}});
}

}  // namespace

HPOGRID_PLUGIN(model, train)
