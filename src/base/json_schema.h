#pragma once

// Makes JSON schemas (draft 2020-12, as OpenAPI 3.1 has them) out of small parts, as JSON values.
// The parts of a schema that are used in many places get a name; `http/openapi.h` writes each named
// schema once and refers to it. Pure functions; any thread.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace parley::json_schema {

/// A field of an object.
struct Field {
  std::string_view name;
  JsonObject schema;
  bool is_required = true;
};

JsonObject boolean();
JsonObject integer(std::optional<std::int64_t> min = {}, std::optional<std::int64_t> max = {});

/// A text of so many characters; 0 is no bound.
JsonObject text(std::size_t characters_max = 0, std::size_t characters_min = 0);

/// A text of a well-known form: `date-time`, `uuid`, `email`…
JsonObject text_of(std::string_view format);

/// One of the words.
JsonObject words(std::span<const std::string_view> allowed);

JsonObject list_of(JsonObject items);

/// An object with these fields, and perhaps more.
JsonObject object(const std::vector<Field>& fields);

/// An object of any fields.
JsonObject any_object();

/// The same, or null. Requires: the schema has no name.
JsonObject nullable(JsonObject schema);

/// The field of a request that may be absent or null.
Field optional(std::string_view name, JsonObject schema);

/// The schema under a name, which stands for it wherever it is used.
JsonObject named(std::string_view name, JsonObject schema);

/// The object schema without its name, with these fields added, or put in the place of those that
/// are called the same.
JsonObject with_fields(JsonObject object, const std::vector<Field>& fields);

/// The object schema without its name, with these of its fields only. Requires: it has them.
JsonObject only(const JsonObject& object, std::initializer_list<std::string_view> names);

/// The schema of one field of an object schema. Requires: it has it.
JsonObject field_of(const JsonObject& object, std::string_view name);

}  // namespace parley::json_schema
