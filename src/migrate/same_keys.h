#pragma once

// When two keys, constraints or indexes are the same. One that has no name is the same as a named
// one of equal content: engines name what nobody named. Internal to diff. Pure.

#include <algorithm>
#include <vector>

#include "schema/schema.h"

namespace parley::migrate {

bool is_same(const schema::PrimaryKey& a, const schema::PrimaryKey& b);
bool is_same(const schema::Unique& a, const schema::Unique& b);
bool is_same(const schema::Check& a, const schema::Check& b);
bool is_same(const schema::ForeignKey& a, const schema::ForeignKey& b);
bool is_same(const schema::Index& a, const schema::Index& b);

template <class T>
bool holds_same(const std::vector<T>& list, const T& wanted) {
  return std::ranges::any_of(list, [&](const T& each) { return is_same(each, wanted); });
}

bool have_same_primary_key(const schema::Table& a, const schema::Table& b);

/// True when the index is unique and speaks of whole columns of all rows, so that foreign keys may
/// refer to it.
bool is_key(const schema::Index& index);

}  // namespace parley::migrate
