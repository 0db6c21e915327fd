#pragma once

// Brings things into an order in which each comes after what it needs. Pure; any thread.

#include <cstddef>
#include <vector>

namespace parley::migrate {

/// The positions 0…n-1 such that each comes after the positions in `needs` of it; what needs
/// nothing keeps the given order. In a cycle somebody comes before what it needs: the one that was
/// reached first.
std::vector<std::size_t> in_dependency_order(const std::vector<std::vector<std::size_t>>& needs);

}  // namespace parley::migrate
