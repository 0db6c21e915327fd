#pragma once

// Who points at rows: the tables of the namespace that are declared nowhere, such as those that an
// adopted database brought along, and have a foreign key to a declared one. Asked before rows are
// deleted, so that the refusal can name the table. Reads the catalogue: not for every request. The
// connection's thread.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/query.h"

namespace parley::store {

namespace detail {
std::vector<std::string> tables_pointing_at(database::Connection& connection,
                                            const TableNames& table, Name column,
                                            const Pieces& condition,
                                            std::span<const std::string_view> except);
}  // namespace detail

/// The tables, but for those of `except`, in which some row has a foreign key to `Member` of a row
/// that the condition holds for; by name.
template <auto Member>
std::vector<std::string> tables_pointing_at(database::Connection& connection,
                                            const Condition<RowOf<Member>>& condition,
                                            std::span<const std::string_view> except) {
  return detail::tables_pointing_at(connection, detail::kNames<RowOf<Member>>,
                                    detail::name_of<Member>(), condition.pieces(), except);
}

}  // namespace parley::store
