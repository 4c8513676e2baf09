#include "engine/trials/plugin/trial_runner.hpp"

#include "engine/trials/trial_folder.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <iterator>
#include <new>
#include <stdexcept>

namespace hpogrid::trials::plugin {
namespace {

using nlohmann::json;

constexpr std::size_t error_size = 8192;
/// How long, in milliseconds, leftovers of a trial are waited for before the next one: child processes to be gone,
/// output to be read by the worker.
constexpr int patience_ms = 1000;

std::string to_json(std::string_view text) {
    return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

/// The values of a configuration and the texts that they point to.
class Values {
  public:
    explicit Values(const json& configuration) {
        values_.reserve(configuration.size());
        texts_.reserve(configuration.size());
        for (const auto& [name, value] : configuration.items()) {
            values_.push_back(convert(name, value));
        }
    }
    [[nodiscard]] std::span<const hpogrid_value> get() const noexcept { return values_; }

  private:
    hpogrid_value convert(const std::string& name, const json& value) {
        hpogrid_value result{name.c_str(), HPOGRID_OTHER, 0, 0.0, ""};
        if (value.is_number_integer()) {
            result.kind = HPOGRID_INTEGER;
            result.integer = value.get<std::int64_t>();
            result.real = value.get<double>();
        } else if (value.is_number()) {
            result.kind = HPOGRID_REAL;
            result.real = value.get<double>();
        } else if (value.is_boolean()) {
            result.kind = HPOGRID_BOOLEAN;
            result.integer = value.get<bool>() ? 1 : 0;
        } else if (value.is_string()) {
            result.kind = HPOGRID_TEXT;
            result.text = value.get_ref<const std::string&>().c_str();
        } else {
            result.text = texts_.emplace_back(value.dump()).c_str();
        }
        return result;
    }

    std::vector<hpogrid_value> values_;
    std::vector<std::string> texts_;  ///< reserved, so that they stay where they are
};

std::int64_t steady_time() {
    return std::chrono::nanoseconds{std::chrono::steady_clock::now().time_since_epoch()}.count();
}

const char* environment(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr ? value : "";
}

void append_number(std::string& line, double value) {
    if (std::isfinite(value)) {
        fmt::format_to(std::back_inserter(line), "{}", value);
    } else {
        line += std::isnan(value) ? "\"nan\"" : value > 0 ? "\"inf\"" : "\"-inf\"";
    }
}

bool output_is_unread() {
    for (const int output : {STDOUT_FILENO, STDERR_FILENO}) {
        int unread = 0;
        if (::ioctl(output, FIONREAD, &unread) == 0 && unread > 0) {
            return true;
        }
    }
    return false;
}

}  // namespace

TrialRunner::TrialRunner(const hpogrid_plugin& plugin, int socket)
    : plugin_{plugin}, socket_{socket}, orders_{socket}, error_(error_size) {
    if (plugin_.create != nullptr) {
        instance_ = plugin_.create(error_.data(), error_.size());
        if (instance_ == nullptr && error_[0] != '\0') {
            throw std::runtime_error{std::string{"the plug-in could not start: "} + error_.data()};
        }
    }
    tree_ = ProcessTree{};  // what create() started is not a trial's
}

TrialRunner::~TrialRunner() {
    if (plugin_.destroy != nullptr) {
        plugin_.destroy(instance_);
    }
}

void TrialRunner::run() {
    say("{\"ready\":true}\n");
    while (const auto order = orders_.next()) {
        run_trial(*order);
    }
}

void TrialRunner::run_trial(const json& order) {
    trial_ = order.at("trial").get<std::uint32_t>();
    attempt_ = order.at("attempt").get<std::uint32_t>();
    folder_ = order.at("folder").get<std::string>();
    const std::string checkpoint = order.at("checkpoint").get<std::string>();
    const json& configuration = order.at("configuration");
    const std::string text = configuration.dump();
    const Values values{configuration};

    hpogrid_trial trial{};
    trial.size = sizeof trial;
    trial.id = trial_;
    trial.attempt = attempt_;
    trial.seed = order.at("seed").get<std::uint64_t>();
    trial.values = values.get().data();
    trial.value_count = values.get().size();
    trial.configuration = text.c_str();
    trial.checkpoint = checkpoint.c_str();
    trial.data_folder = environment("HPOGRID_DATA_DIR");
    trial.work_folder = environment("HPOGRID_WORK_DIR");
    trial.host = this;
    trial.report = [](void* host, const hpogrid_metric* metrics, std::size_t count) {
        return static_cast<TrialRunner*>(host)->report({metrics, count});
    };
    trial.should_stop = [](void* host) { return static_cast<TrialRunner*>(host)->should_stop(); };
    trial.make_folder = [](void* host) { return static_cast<TrialRunner*>(host)->make_folder(); };

    const int result = should_stop() != 0 ? int{HPOGRID_DONE} : call_train(trial);
    clean_up();
    orders_.forget(trial_, attempt_);
    if (result == HPOGRID_DONE) {
        say(fmt::format("{{\"done\":true,\"at\":{}}}\n", steady_time()));
    } else {
        say(fmt::format("{{\"error\":{},\"kind\":\"{}\",\"at\":{}}}\n",
                        to_json(error_[0] != '\0' ? error_.data() : "the plug-in failed without saying why"),
                        result == HPOGRID_OUT_OF_MEMORY ? "oom" : "exception", steady_time()));
    }
}

int TrialRunner::call_train(const hpogrid_trial& trial) {
    error_[0] = '\0';
    try {
        return plugin_.train(instance_, &trial, error_.data(), error_.size());
    } catch (const std::bad_alloc& error) {
        std::snprintf(error_.data(), error_.size(), "%s", error.what());
        return HPOGRID_OUT_OF_MEMORY;
    } catch (const std::exception& error) {
        std::snprintf(error_.data(), error_.size(), "%s", error.what());
    } catch (...) {
        std::snprintf(error_.data(), error_.size(), "an exception that is no std::exception");
    }
    return HPOGRID_FAILED;
}

void TrialRunner::clean_up() {
    std::cout.flush();
    std::fflush(nullptr);
    // The worker gives output to the trial that it believes to run: it must have read all of this one's before the end
    // is told.
    for (int waited = 0; waited < patience_ms && (!tree_.end({}) || output_is_unread()); ++waited) {
        ::poll(nullptr, 0, 1);
    }
}

void TrialRunner::say(std::string_view line) {
    while (!line.empty()) {
        const ssize_t count = ::send(socket_, line.data(), line.size(), MSG_NOSIGNAL);
        if (count < 0 && errno != EINTR) {
            ::_exit(1);  // the worker has gone
        }
        line.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
    }
}

int TrialRunner::report(std::span<const hpogrid_metric> metrics) {
    std::string line = "{\"report\":{";
    for (const hpogrid_metric& metric : metrics) {
        line += line.back() == '{' ? "" : ",";
        line += to_json(metric.name) + ":";
        append_number(line, metric.value);
    }
    say(line + "}}\n");
    return should_stop();
}

int TrialRunner::should_stop() {
    return orders_.stopped(trial_, attempt_) ? 1 : 0;
}

const char* TrialRunner::make_folder() {
    return trials::make_folder(folder_).empty() ? folder_.c_str() : nullptr;
}

}  // namespace hpogrid::trials::plugin
