// The same words as in the other cases, without a mistake.

#include "row.h"

namespace schema = parley::schema;

static_assert(schema::column_name<&Row::note>() == "note");
static_assert(schema::column_count<Row> == 3);

parley::schema::Table table() { return schema::to_table<Row>(); }
std::vector<parley::Value> values(const Row& row) { return schema::values_of(row); }
parley::JsonObject object(const Row& row) { return schema::to_json_object(row); }
