#pragma once

#include "launchers/report/report.hpp"

#include <string>
#include <vector>

namespace hpogrid::launchers {

/// How much of what makes trials good or bad a hyperparameter explains. Both are shares of a variance, 0 to 1.
struct Importance {
    std::string name;
    double main;   ///< alone
    double total;  ///< with its interactions
};

/// The hyperparameters, most important first; empty with fewer than eight trials, too few for a model, or where all
/// trials are equally good.
///
/// Functional ANOVA over a random forest (Hutter, Hoos, Leyton-Brown, "An efficient approach for assessing
/// hyperparameter importance", ICML 2014), with two differences. The forest learns ranks of trials instead of scores,
/// so that one diverged trial is not all there is to explain. And the shares are Sobol' indices of the forest's
/// prediction (estimators b and f of Saltelli et al., Computer Physics Communications 181 (2010), table 2) on 4096
/// pairs of points, instead of sums over the boxes of the trees: the prediction suffices. Points are drawn evenly from
/// the range of what was tried, of its logarithm where that spans two decades and the median is below a fifth of the
/// largest. A study of more than 2000 trials lends the forest 2000 of them.
[[nodiscard]] std::vector<Importance> importances(const Report& report);

}  // namespace hpogrid::launchers
