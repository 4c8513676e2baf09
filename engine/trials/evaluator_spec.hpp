#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace hpogrid::trials {

/// How a new trial's Python process comes to be. `automatic`: forked from a process that has imported the script, where
/// that is safe; else a fresh interpreter.
enum class PythonStart { automatic, fork, spawn };

/// A function or class in a Python script.
struct PythonScript {
    std::filesystem::path script;  ///< absolute
    std::string model;             ///< name of the function or class
    PythonStart start{PythonStart::automatic};
};

/// Any executable, a process of its own for each attempt.
struct Command {
    std::string program;  ///< absolute path, or a name to be searched in $PATH
    /// {name} stands for the hyperparameter's value, {{ and }} for braces. No shell reads them.
    std::vector<std::string> arguments;
    /// File in the trial's folder with a JSON object of metrics, read when the program has ended; empty = none.
    std::string result_file;
    /// Names that placeholders may have: every key of the configuration.
    std::vector<std::string> parameters;
};

/// A factory in a shared library, see plugin/hpogrid_plugin.h.
struct Plugin {
    std::filesystem::path library;  ///< absolute
    std::string factory;
};

/// A trainer of the engine's own.
struct Native {
    std::string model;                    ///< "mlp"
    std::string param;                    ///< `model_config.param`, a JSON object as text: describes the data
    std::vector<std::string> searched{};  ///< names of hyperparameters in the search space
    std::vector<std::string> changing{};  ///< of those that the scheduler changes while a trial trains
};

using EvaluatorSpec = std::variant<PythonScript, Command, Plugin, Native>;

}  // namespace hpogrid::trials
