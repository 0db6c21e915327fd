#pragma once

// The JSON schema of a row as it leaves the server, made from the declaration of its table: what
// `to_json_object` and `append_json_fields` write is valid against it. Pure; any thread.

#include <vector>

#include "base/json_schema.h"
#include "schema/declare.h"

namespace parley::schema {

namespace detail {
/// What a value of that type is in the JSON.
JsonObject schema_of(TypeKind kind, int length);
}  // namespace detail

/// An object schema with a field per column that is on the wire, under its wire name; all are
/// always there. A column that may be NULL may be null, unless it has a literal default, which
/// then stands for NULL.
template <Declared Row>
JsonObject json_schema_of() {
  std::vector<json_schema::Field> fields;
  for_each_column<Row>([&](const auto& declared) {
    if (!declared.is_on_wire) return;
    JsonObject schema = detail::schema_of(declared.kind, declared.type.length);
    const bool may_be_null =
        declared.is_nullable && detail::null_as(declared.default_word).is_null();
    if (may_be_null) schema = json_schema::nullable(std::move(schema));
    fields.push_back({declared.json_name(), std::move(schema)});
  });
  return json_schema::object(fields);
}

}  // namespace parley::schema
