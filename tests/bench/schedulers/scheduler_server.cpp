// A scheduler of the registry behind JSON lines, for fidelity.py: one request a line on standard
// input, one answer a line on standard output. A refused request answers {"error": …}.
//
//   {"make": name, "scheduler_param": {…}, "seed": n, "trials": n}    → {"orders": []}
//   {"report": trial, "time": t, "score": s or null for NaN, "new_trials_wait": b} → {"decision": name, "orders": […]}
//   {"paused": trial} | {"stall": true}                               → {"orders": […]}
//   {"next": new_trials_wait}                                         → {"trial": the one that goes on, or null}
//
// An order is {"end": trial} or {"exploit": trial, "source": trial}.

#include "engine/core/overloaded.hpp"
#include "engine/schedulers/registry.hpp"
#include "engine/space/space.hpp"

#include <cmath>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

namespace hpogrid::schedulers {
namespace {

using nlohmann::json;

const char* name_of(Decision decision) {
    switch (decision) {
        case Decision::proceed:
            return "proceed";
        case Decision::stop:
            return "stop";
        case Decision::complete:
            return "complete";
        case Decision::pause:
            return "pause";
    }
    return "unknown";
}

json orders_of(Scheduler& scheduler) {
    json orders = json::array();
    for (const Order& order : scheduler.take_orders()) {
        orders.push_back(
            std::visit(Overloaded{
                           [](const EndPaused& end) {
                               return json{{"end", end.trial.value}};
                           },
                           [](const Exploit& exploit) {
                               return json{{"exploit", exploit.trial.value}, {"source", exploit.source.value}};
                           },
                       },
                       order));
    }
    return orders;
}

class Session {
  public:
    explicit Session(const json& request)
        : parameters_(request.at("scheduler_param")),
          scheduler_{make_scheduler(
              request.at("make").get<std::string>(),
              {.parameters = parameters_, .seed = request.at("seed").get<std::uint64_t>(), .space = &space_})} {
        for (std::uint32_t trial = 0; trial < request.at("trials").get<std::uint32_t>(); ++trial) {
            scheduler_->on_trial_added(TrialId{trial}, {space::Value{0.5}});
        }
    }

    json answer(const json& request) {
        if (request.contains("report")) {
            const json& score = request.at("score");
            const Decision decision =
                scheduler_->on_report({.trial = TrialId{request.at("report").get<std::uint32_t>()},
                                       .time = request.at("time").get<double>(),
                                       .score = score.is_null() ? std::nan("") : score.get<double>(),
                                       .new_trials_wait = request.at("new_trials_wait").get<bool>()});
            return {{"decision", name_of(decision)}, {"orders", orders_of(*scheduler_)}};
        }
        if (request.contains("next")) {
            const auto trial = scheduler_->next_resumed({.new_trials_wait = request.at("next").get<bool>()});
            if (trial) {
                scheduler_->on_trial_resumed(*trial);
            }
            return {{"trial", trial ? json(trial->value) : json{}}};
        }
        if (request.contains("paused")) {
            scheduler_->on_trial_paused(TrialId{request.at("paused").get<std::uint32_t>()});
        } else {
            scheduler_->on_stall();
        }
        return {{"orders", orders_of(*scheduler_)}};
    }

  private:
    space::Space space_{{{"x", space::Uniform{0.0, 1.0}, {}}}};
    json parameters_;
    std::unique_ptr<Scheduler> scheduler_;
};

}  // namespace
}  // namespace hpogrid::schedulers

int main() {
    std::unique_ptr<hpogrid::schedulers::Session> session;
    for (std::string line; std::getline(std::cin, line);) {
        nlohmann::json reply;
        try {
            const auto request = nlohmann::json::parse(line);
            if (request.contains("make")) {
                session = std::make_unique<hpogrid::schedulers::Session>(request);
                reply = {{"orders", nlohmann::json::array()}};
            } else {
                reply = session->answer(request);
            }
        } catch (const std::exception& error) {
            reply = {{"error", error.what()}};
        }
        std::cout << reply.dump() << std::endl;
    }
}
