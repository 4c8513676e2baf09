#include "engine/config/hpo_config.hpp"

#include "engine/config/rules.hpp"
#include "engine/optimizers/registry.hpp"
#include "engine/schedulers/registry.hpp"

#include <fmt/format.h>

#include <cmath>

namespace hpogrid::config {
namespace {

using nlohmann::json;

constexpr std::int64_t most_trials = 1'000'000'000;
constexpr std::int64_t one_a_gpu = -1;

template <class Entry>
std::vector<std::string_view> names_of(std::span<const Entry> entries) {
    std::vector<std::string_view> names;
    for (const Entry& entry : entries) {
        names.push_back(entry.name);
    }
    return names;
}

/// The seed knows no name for "no scheduler" but null.
struct SchedulerRule {
    ChoiceRule names{names_of(schedulers::schedulers()), ", null"};
    [[nodiscard]] std::string allowed() const { return names.allowed(); }
    [[nodiscard]] std::string operator()(const Located& value) const {
        const bool none = value.json().is_null() || value.json() == "None";
        return none ? "none" : names(value);
    }
    [[nodiscard]] std::string show(const std::string& name) const { return names.show(name); }
};

Field<HpoConfig> trials_field(std::string_view name, std::string_view meaning) {
    const std::string allowed = fmt::format("an integer from 1 to {}, or -1", most_trials);
    Field<HpoConfig> field{.name = name, .allowed = allowed, .meaning = meaning};
    field.read = [allowed](const Located& value, HpoConfig& config) {
        if (value.json() == one_a_gpu) {
            config.one_trial_per_gpu = true;
            return;
        }
        const json& number = value.json();
        if (!number.is_number() || number < 1 || number > most_trials) {
            throw value.refusal(why_no_number(number), allowed);
        }
        config.num_trials = static_cast<std::size_t>(IntegerRule{}(value));
    };
    return field;
}

std::vector<Field<HpoConfig>> resource_fields() {
    return {
        field("cpu", &HpoConfig::cpus_per_trial, NumberRule{.lowest = 0, .highest = 1e6},
              "Cores that a trial is told to use (`OMP_NUM_THREADS` and friends); 0 = its share"),
        field("gpu", &HpoConfig::gpus_per_trial, NumberRule{.lowest = 0, .highest = 1024},
              "GPUs that a trial gets; 0 = all that the worker has; 1/K lets K trials share one"),
    };
}

/// Refuses two keys that say the same thing differently.
void check_agreement(const Located& first, const Located& second) {
    if (first.json() != second.json()) {
        throw first.refusal(fmt::format("but '{}' is {}", second.path(), second.json().dump()),
                            "one of the two, or the same value");
    }
}

void check_trials(const Located& object) {
    if (object.json().contains("trials") && object.json().contains("num_trials")) {
        check_agreement(object.member("trials"), object.member("num_trials"));
    }
}

/// The seed documents `max_concurrent` as a key of `scheduler_param`, where its schedulers do not look for it.
void move_max_concurrent(const Located& object, HpoConfig& config) {
    const auto found = config.scheduler_param.find("max_concurrent");
    if (found == config.scheduler_param.end()) {
        return;
    }
    const Located value{*found, object.file(), object.path() + ".scheduler_param.max_concurrent"};
    if (object.json().contains("max_concurrent")) {
        check_agreement(value, object.member("max_concurrent"));
    }
    config.max_concurrent = static_cast<std::size_t>(IntegerRule{0, most_trials}(value));
    config.scheduler_param.erase(found);
}

/// Ray reads a fraction of a GPU as so many trials on one.
void share_gpu(const Located& object, HpoConfig& config) {
    const double gpus = config.gpus_per_trial;
    if (gpus > 1 && std::trunc(gpus) != gpus) {
        throw object.problem(fmt::format("resource.gpu is {}, allowed: 0, a fraction below 1, or an integer", gpus));
    }
    if (gpus > 0 && gpus < 1 && !object.json().contains("slots_per_gpu")) {
        constexpr double rounding = 1e-6;
        config.slots_per_gpu = static_cast<unsigned>(std::min(1024.0, std::floor(1 / gpus + rounding)));
    }
}

}  // namespace

std::vector<Field<HpoConfig>> hpo_fields() {
    using C = HpoConfig;
    const NumberRule seconds{.lowest = 0, .highest = 1e9};
    Field<C> num_trials = trials_field("num_trials", "Number of trials; -1 = one a GPU");
    num_trials.show_default = [](const C& config) { return fmt::format("{}", config.num_trials); };
    return {
        field("algorithm", &C::algorithm, ChoiceRule{names_of(optimizers::algorithms()), {}},
              "Algorithm that suggests the trials' hyperparameters"),
        field("algorithm_param", &C::algorithm_param, ObjectRule{}, "Parameters of the algorithm").or_null(),
        field("scheduler", &C::scheduler, SchedulerRule{},
              "Scheduler that ends bad trials early; null and \"None\" are none"),
        field("scheduler_param", &C::scheduler_param, ObjectRule{},
              "Parameters of the scheduler; `max_concurrent` is accepted here too")
            .or_null(),
        field("metric", &C::metric, NameRule{.may_have_slash = true}, "Metric to be optimised"),
        field("mode", &C::mode,
              EnumerationRule<study::Mode>{{{"max", study::Mode::maximize}, {"min", study::Mode::minimize}}},
              "Whether the metric is to be large or small"),
        field("extra_metrics", &C::extra_metrics, NameListRule{}, "Further metrics to be kept").or_null(),
        std::move(num_trials),
        trials_field("trials", "The seed's first name of `num_trials`"),
        field("max_concurrent", &C::max_concurrent, IntegerRule{0, most_trials},
              "Trials that may run at once; 0 = as many as there are slots"),
        field("stop", &C::stop, LimitsRule{}, "A trial ends as soon as one of these metrics reaches its number"),
        group("resource", "What a trial gets", resource_fields()).or_null(),
        field("log_dir", &C::log_dir, TextRule{}, "Kept for the seed's files; trials log beside the results").or_null(),
        field("verbose", &C::verbose, VerbosityRule{}, "Kept for the seed's files; see --log-level"),
        field("seed", &C::seed, OptionalRule<IntegerRule, std::uint64_t>{IntegerRule{.lowest = 0}},
              "Seed of all random choices; absent = a new one each time")
            .or_null(),
        field("retries", &C::retries, IntegerRule{0, 1000}, "Further attempts of a trial that failed"),
        field("trial_timeout", &C::trial_timeout, seconds, "Seconds after which a trial is killed; 0 = never"),
        field("silence_timeout", &C::silence_timeout, seconds,
              "Seconds without report or output after which a trial is killed; 0 = never"),
        field("slots_per_gpu", &C::slots_per_gpu, OptionalRule<IntegerRule, unsigned>{IntegerRule{1, 1024}},
              "Trials that share a GPU, or a worker's cores; absent = 1, or 32 of a native trainer"),
        field("keep_checkpoints", &C::keep_checkpoints, IntegerRule{0, most_trials},
              "Checkpoints of ended trials that are kept, those of the best; 0 = none"),
        field("checkpoint_bytes", &C::checkpoint_bytes, IntegerRule{.lowest = 0},
              "Bytes that they may take, the best trial's apart; 0 = no limit"),
    };
}

HpoConfig read_hpo_config(const Located& value) {
    HpoConfig config;
    with_object(value, ObjectRule{}.allowed(), [&](const Located& object) {
        read_fields(hpo_fields(), object, config);
        check_trials(object);
        move_max_concurrent(object, config);
        share_gpu(object, config);
    });
    return config;
}

}  // namespace hpogrid::config
