// EXPECT: an index or foreign key is on a member that the table's declaration does not bind

#include "row.h"

namespace schema = parley::schema;

constexpr auto table = schema::table<Row>(
    "rows", schema::columns(schema::column<&Row::id>("id", schema::word::integer())),
    schema::index<&Row::id, &Row::unbound>("ix_unbound"));
