#pragma once

namespace hpogrid {

/// One callable out of several lambdas, for std::visit.
template <class... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};

template <class... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

}  // namespace hpogrid
