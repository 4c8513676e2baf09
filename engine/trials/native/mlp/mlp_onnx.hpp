#pragma once

#include <filesystem>

namespace hpogrid::trials {

struct TrainedMlp;

/// Whether write_onnx() can.
[[nodiscard]] bool onnx_is_built_in();

/// Writes an ONNX file in place of an earlier one, with operators of the official set 13 (ONNX 1.8) alone, so that ONNX
/// Runtime from 1.6 on runs it:
/// - input `features` [row][feature], float32: the columns as they are in the data, which the graph standardises
/// - output `probability` [row] of class 1 of two, `probabilities` [row][class] of more, or `value` [row] of a
///   regression
/// - metadata `features`, `classes` (not of a regression) and `hyperparameters`, each JSON; `training_iteration`,
///   `metric` and `objective`
/// Throws OutputError.
void write_onnx(const std::filesystem::path& file, const TrainedMlp& model);

}  // namespace hpogrid::trials
