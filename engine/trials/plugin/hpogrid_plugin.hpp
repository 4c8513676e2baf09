#pragma once

#include "hpogrid_plugin.h"

#include <cstdio>
#include <cstring>
#include <exception>
#include <initializer_list>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

// A training function as a plug-in of hpogrid:
//
//     #include "hpogrid_plugin.hpp"
//
//     static void train(const hpogrid::plugin::Configuration& configuration, hpogrid::plugin::Reporter& reporter) {
//         const double rate = configuration.get<double>("learning_rate");
//         for (int epoch = 0; epoch < configuration.get<int>("epochs", 10); ++epoch) {
//             reporter.report({{"loss", …}});
//         }
//     }
//     HPOGRID_PLUGIN(my_model, train)
//
// Compiled with `g++ -std=c++17 -shared -fPIC`, and named in model_config as script "libmine.so", model "my_model".

namespace hpogrid::plugin {

/// Leaves the training function when the study has ended the trial. Derived from nothing, so that handlers of
/// std::exception let it pass.
struct Stopped {};

/// The trial's hyperparameters and `model_config.param`.
class Configuration {
  public:
    explicit Configuration(const hpogrid_trial& trial) noexcept : trial_{trial} {}

    [[nodiscard]] bool contains(std::string_view name) const noexcept { return find(name) != nullptr; }

    /// T: an arithmetic type, bool, std::string. Throws std::invalid_argument if the parameter is absent, or of a kind
    /// or size that T cannot hold.
    template <class T>
    [[nodiscard]] T get(std::string_view name) const {
        if (const hpogrid_value* value = find(name)) {
            return convert<T>(*value);
        }
        throw std::invalid_argument{"no hyperparameter '" + std::string{name} + "'"};
    }

    /// The same, with a value for an absent parameter.
    template <class T>
    [[nodiscard]] T get(std::string_view name, T otherwise) const {
        const hpogrid_value* value = find(name);
        return value != nullptr ? convert<T>(*value) : otherwise;
    }

    /// All of it as JSON.
    [[nodiscard]] std::string_view json() const noexcept { return trial_.configuration; }

  private:
    [[nodiscard]] const hpogrid_value* find(std::string_view name) const noexcept {
        for (std::size_t i = 0; i < trial_.value_count; ++i) {
            if (name == trial_.values[i].name) {
                return &trial_.values[i];
            }
        }
        return nullptr;
    }

    template <class T>
    [[nodiscard]] static T convert(const hpogrid_value& value) {
        if constexpr (std::is_same_v<T, std::string>) {
            if (value.kind == HPOGRID_TEXT || value.kind == HPOGRID_OTHER) {
                return value.text;
            }
        } else if constexpr (std::is_same_v<T, bool>) {
            if (value.kind == HPOGRID_BOOLEAN) {
                return value.integer != 0;
            }
        } else if constexpr (std::is_floating_point_v<T>) {
            if (value.kind == HPOGRID_REAL || value.kind == HPOGRID_INTEGER) {
                return static_cast<T>(value.real);
            }
        } else {
            static_assert(std::is_integral_v<T>, "get<T>: T is an arithmetic type, bool or std::string");
            if (value.kind == HPOGRID_INTEGER &&
                static_cast<std::int64_t>(static_cast<T>(value.integer)) == value.integer &&
                (std::is_signed_v<T> || value.integer >= 0)) {
                return static_cast<T>(value.integer);
            }
        }
        throw std::invalid_argument{"hyperparameter '" + std::string{value.name} + "' is of another kind or too large"};
    }

    const hpogrid_trial& trial_;
};

using Metric = std::pair<std::string_view, double>;

/// How a trial speaks with its study.
class Reporter {
  public:
    explicit Reporter(const hpogrid_trial& trial) noexcept : trial_{trial} {}

    /// Reports metrics, once an epoch or once at the end. Throws Stopped when the study has ended the trial.
    void report(std::initializer_list<Metric> metrics) { report(metrics.begin(), metrics.end()); }

    /// The same for a range of (name, value).
    template <class Iterator>
    void report(Iterator begin, Iterator end) {
        constexpr std::size_t most = 64;
        std::string names[most];
        hpogrid_metric list[most];
        std::size_t count = 0;
        for (; begin != end; ++begin, ++count) {
            if (count == most) {
                throw std::length_error{"a report holds at most 64 metrics"};
            }
            names[count] = begin->first;
            list[count] = {names[count].c_str(), static_cast<double>(begin->second)};
        }
        if (trial_.report(trial_.host, list, count) != 0) {
            throw Stopped{};
        }
    }

    /// Whether the study has ended the trial: for long stretches without a report.
    [[nodiscard]] bool stop_requested() const { return trial_.should_stop(trial_.host) != 0; }

    [[nodiscard]] std::uint32_t trial() const noexcept { return trial_.id; }
    [[nodiscard]] std::uint32_t attempt() const noexcept { return trial_.attempt; }
    [[nodiscard]] std::uint64_t seed() const noexcept { return trial_.seed; }
    [[nodiscard]] std::string checkpoint() const { return trial_.checkpoint; }
    [[nodiscard]] std::string data_folder() const { return trial_.data_folder; }
    [[nodiscard]] std::string work_folder() const { return trial_.work_folder; }

    /// The trial's own folder, made by the first call.
    [[nodiscard]] std::string folder() const {
        if (const char* path = trial_.make_folder(trial_.host)) {
            return path;
        }
        throw std::runtime_error{"the trial's folder cannot be made"};
    }

  private:
    const hpogrid_trial& trial_;
};

/// Calls a training function, its exceptions become results.
template <class Train>
int run(const Train& train, const hpogrid_trial* trial, char* error, std::size_t error_size) noexcept {
    const auto explain = [&](const char* text) { std::snprintf(error, error_size, "%s", text); };
    try {
        const Configuration configuration{*trial};
        Reporter reporter{*trial};
        train(configuration, reporter);
        return HPOGRID_DONE;
    } catch (const Stopped&) {
        return HPOGRID_DONE;
    } catch (const std::bad_alloc& failure) {
        explain(failure.what());
        return HPOGRID_OUT_OF_MEMORY;
    } catch (const std::exception& failure) {
        explain(failure.what());
    } catch (...) {
        explain("an exception that is no std::exception");
    }
    return HPOGRID_FAILED;
}

}  // namespace hpogrid::plugin

/// Exports `train`, void(const Configuration&, Reporter&), as the factory `name`. A macro, because only a macro can
/// make the name of an exported symbol.
#define HPOGRID_PLUGIN(name, train_function)                                                              \
    extern "C" __attribute__((visibility("default"))) const hpogrid_plugin* hpogrid_plugin_##name(void) { \
        static const hpogrid_plugin plugin{                                                               \
            sizeof(hpogrid_plugin), HPOGRID_PLUGIN_ABI, nullptr, nullptr,                                 \
            [](void*, const hpogrid_trial* trial, char* error, std::size_t error_size) -> int {           \
                return hpogrid::plugin::run(train_function, trial, error, error_size);                    \
            }};                                                                                           \
        return &plugin;                                                                                   \
    }
