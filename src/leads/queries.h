#pragma once

// The conditions and queries of this module that a declaration alone cannot express. Their SQL is
// the same for every engine, and its names still come from the declarations. The connection's
// thread.

#include <cstdint>
#include <string>
#include <string_view>

#include "leads/tables.h"
#include "store/connection.h"
#include "store/query.h"

namespace parley::leads {

namespace detail {
store::detail::Pieces contains_text(store::detail::Name column, std::string_view text);
}  // namespace detail

/// The column has the text somewhere in it, whatever the case of ASCII letters.
template <auto Member>
  requires std::same_as<store::PlainOf<Member>, std::string>
store::Condition<store::RowOf<Member>> contains(std::string_view text) {
  return store::Condition<store::RowOf<Member>>(
      detail::contains_text(store::detail::name_of<Member>(), text));
}

/// The task that a follow-up waits for, if any, is not pending any more.
store::Condition<FollowUpTaskRow> waits_for_no_other();

/// The sum of all messages that sessions count, and of all that agents count as interactions.
std::int64_t count_session_messages(database::Connection& connection);
std::int64_t count_interactions(database::Connection& connection);

}  // namespace parley::leads
