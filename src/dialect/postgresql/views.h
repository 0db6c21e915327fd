#pragma once

// Views of PostgreSQL: their statements, and the way around them. The engine refuses to change a
// column that a view reads, so that the views go before and come back afterwards, last first and
// first last, with their triggers. Who reads what is told by the words of the queries: a word in
// common may take a view down needlessly, which costs time and nothing else. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/change.h"
#include "schema/schema.h"

namespace parley::dialect {

/// Statements to run before and after others.
struct Detour {
  std::vector<std::string> before;
  std::vector<std::string> after;
};

/// The query of the view here; nothing when the view is not for this engine.
std::optional<std::string> postgresql_query(const schema::View& view);

/// The views of this engine that read `relation`, and those that read them, in an order in which
/// they can be created. Of the first only those that may read one of `columns`, when any are given.
std::vector<const schema::View*> postgresql_readers(const schema::Schema& schema,
                                                    const std::string& relation,
                                                    const std::vector<std::string>& columns = {});

/// The same views in an order in which they can be created.
std::vector<const schema::View*> postgresql_in_order(const std::vector<const schema::View*>& views);

/// The way around these views. Requires: in an order in which they can be created.
Detour postgresql_around(const std::vector<const schema::View*>& views,
                         const schema::Schema& schema);

std::vector<std::string> postgresql_create_view(const schema::View& view);
std::vector<std::string> postgresql_drop_view(const schema::View& view,
                                              const schema::Schema& before);
std::vector<std::string> postgresql_replace_view(const schema::View& view,
                                                 const schema::Schema& before);

}  // namespace parley::dialect
