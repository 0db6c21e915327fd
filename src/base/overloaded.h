#pragma once

// One visitor out of several lambdas, for `std::visit` over a closed variant.

namespace parley {

template <class... Visitors>
struct overloaded : Visitors... {
  using Visitors::operator()...;
};
template <class... Visitors>
overloaded(Visitors...) -> overloaded<Visitors...>;

}  // namespace parley
