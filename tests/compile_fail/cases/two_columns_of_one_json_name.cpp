// EXPECT: two_columns_of_a_table_have_one_name

#include "row.h"

namespace schema = parley::schema;

constexpr auto table = schema::table<Row>(
    "rows", schema::columns(schema::column<&Row::id>("id", schema::word::integer()),
                            schema::column<&Row::name>("name", schema::word::text()).wire("id")));
