#pragma once

#include "engine/schedulers/exploration.hpp"
#include "engine/schedulers/hyperparameter_range.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hpogrid::schedulers {

/// How population based training changes hyperparameters. Source: Jaderberg et al., "Population Based
/// Training of Neural Networks", 2017, in the form of Ray Tune's PopulationBasedTraining: each hyperparameter that may
/// change is drawn anew with the resampling probability. Else a number is multiplied by one of the factors (integers
/// are cut off), and a value of a list becomes its left or right neighbour, or stays at the end of the list.
///
/// Deviations: values stay within their range and on the grid of a quantised method, where Ray lets them leave; the
/// categories of the search space are a list.
class Mutation final : public Exploration {
  public:
    struct Options {
        double resample_probability{0.25};
        std::vector<double> factors{1.2, 0.8};
    };

    /// `mutations`: `hyperparam_mutations`, from names to what may be drawn: a list of values or {"low": …, "high": …},
    /// in the search space or not, or {} for all that the search space has; null = all hyperparameters, from the search
    /// space. `owner`: the scheduler, for messages. Throws InputError. `space` must outlive this.
    Mutation(const space::Space& space, const nlohmann::json& mutations, Options options, std::string_view owner);

    /// A hyperparameter whose condition comes to hold is drawn from the search space.
    [[nodiscard]] space::Point explore(TrialId trial, TrialId source, const space::Point& point,
                                       RandomStream& random) override;

    [[nodiscard]] std::vector<std::string> names() const override;

  private:
    /// One hyperparameter that may change.
    struct Gene {
        std::size_t parameter;
        std::vector<space::Value> values;          ///< a list to choose from, or
        std::optional<HyperparameterRange> range;  ///< numbers
    };
    [[nodiscard]] Gene read_gene(std::size_t parameter, const nlohmann::json& allowed, std::string_view owner) const;
    [[nodiscard]] Gene whole_gene(std::size_t parameter) const;
    [[nodiscard]] space::Value mutate(const Gene& gene, const space::Value& value, RandomStream& random) const;

    const space::Space& space_;
    Options options_;
    std::vector<Gene> genes_;
};

}  // namespace hpogrid::schedulers
