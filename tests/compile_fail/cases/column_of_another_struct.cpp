// EXPECT: every column of a table binds a member of the table's own struct

#include "row.h"

struct Other {
  std::int64_t id = 0;
};

namespace schema = parley::schema;

constexpr auto table = schema::table<Row>(
    "rows", schema::columns(schema::column<&Other::id>("id", schema::word::integer())));
