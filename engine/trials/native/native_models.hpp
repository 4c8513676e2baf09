#pragma once

#include "engine/trials/evaluator.hpp"
#include "engine/trials/evaluator_spec.hpp"
#include "engine/trials/native/event_data.hpp"
#include "engine/trials/native/native_model.hpp"

#include <memory>

namespace hpogrid::trials {

/// Reads the data that `spec` describes and makes what trains on them, with a place for each slot. Throws InputError.
[[nodiscard]] std::unique_ptr<NativeModel> make_native_model(const Native& spec, const Surroundings& surroundings);

/// The same with data that are there already.
[[nodiscard]] std::unique_ptr<NativeModel> make_native_model(const Native& spec, const Surroundings& surroundings,
                                                             EventData events);

/// How many trials a worker has at one time unless the user says otherwise.
[[nodiscard]] unsigned standard_slots(const Native& spec);

}  // namespace hpogrid::trials
