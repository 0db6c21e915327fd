#include "migrate/type_width.h"

#include <optional>

namespace parley::migrate {
namespace {

using schema::Type;
using schema::TypeKind;

/// Kinds of one family are ordered by what they hold.
struct Rank {
  enum class Family { Whole, Floating, Letters } family;
  int size;
};

constexpr int kUnbounded = 1 << 30;

std::optional<Rank> rank_of(const Type& type) {
  using Family = Rank::Family;
  // The model has 18 kinds; those without a row here are only equal to themselves.
  if (type.kind == TypeKind::SmallInteger) return Rank{Family::Whole, 1};
  if (type.kind == TypeKind::Integer) return Rank{Family::Whole, 2};
  if (type.kind == TypeKind::BigInteger) return Rank{Family::Whole, 3};
  if (type.kind == TypeKind::Float) return Rank{Family::Floating, 1};
  if (type.kind == TypeKind::Double) return Rank{Family::Floating, 2};
  if (type.kind == TypeKind::Text) return Rank{Family::Letters, kUnbounded};
  if (type.kind == TypeKind::String) {
    return Rank{Family::Letters, type.length > 0 ? type.length : kUnbounded};
  }
  return std::nullopt;
}

Width by_size(int from, int to) {
  if (from == to) return Width::Same;
  return from < to ? Width::Wider : Width::Narrower;
}

/// Digits in front of the point and behind it must both be kept.
Width compare_decimals(const Type& from, const Type& to) {
  const int from_whole = from.precision - from.scale;
  const int to_whole = to.precision - to.scale;
  if (from_whole == to_whole && from.scale == to.scale) return Width::Same;
  if (to.scale != from.scale) {
    return to_whole >= from_whole && to.scale > from.scale ? Width::Other : Width::Narrower;
  }
  return by_size(from_whole, to_whole);
}

}  // namespace

Width compare_width(const Type& from, const Type& to) {
  if (from == to) return Width::Same;
  const auto old_rank = rank_of(from);
  const auto new_rank = rank_of(to);
  if (old_rank && new_rank && old_rank->family == new_rank->family) {
    const Width width = by_size(old_rank->size, new_rank->size);
    // A larger number is wider, but stored in other bytes.
    const bool is_rewritten = width == Width::Wider && old_rank->family != Rank::Family::Letters;
    return is_rewritten ? Width::Other : width;
  }
  if (from.kind != to.kind) return Width::Other;
  if (from.kind == TypeKind::Decimal) return compare_decimals(from, to);
  if (from.kind == TypeKind::Binary || from.kind == TypeKind::Char) {
    const auto size = [](const Type& type) { return type.length > 0 ? type.length : kUnbounded; };
    return by_size(size(from), size(to));
  }
  return Width::Other;
}

}  // namespace parley::migrate
