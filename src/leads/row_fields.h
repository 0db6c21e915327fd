#pragma once

// The fields of a request that are columns of a table: names, types and lengths come from the
// table's declaration, so that a new column of the right kind is one word in a list. Every wrong
// field is noted in the reader of the body; `finish` throws the 422 problem. One thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/fields.h"
#include "base/json_schema.h"
#include "schema/declare.h"
#include "schema/json_schema.h"
#include "store/query.h"

namespace parley::leads {

/// The most characters of a column without a length of its own: a prompt, a description.
inline constexpr std::size_t kLongTextCharactersMax = 16'000;

/// Members of a row, as a list that the compiler knows.
template <auto... Members>
struct Fields {};

class RowReader {
 public:
  /// Throws the 422 problem when the body is no JSON object.
  explicit RowReader(std::string_view body) : given_(api::object_of(body)), body_(given_, "") {}

  api::BodyReader& body() { return body_; }
  bool has(std::string_view field) const { return given_.contains(field); }
  void finish() const { body_.finish(); }

  /// Sets those of the members that the request has; null counts as absent.
  template <class Row, auto... Members>
  void read_into(Row& row, Fields<Members...>) {
    (read_member<Members>(row), ...);
  }

  /// The changes that the request asks for. Null makes a nullable column NULL, and is refused for
  /// another one.
  template <auto First, auto... Members>
  std::vector<store::Assignment<store::RowOf<First>>> changes(Fields<First, Members...>) {
    std::vector<store::Assignment<store::RowOf<First>>> assignments;
    add_change<First>(assignments);
    (add_change<Members>(assignments), ...);
    return assignments;
  }

 private:
  template <auto Member>
  static std::size_t characters_max() {
    const int length = schema::column_of<Member>().type.length;
    return length > 0 ? static_cast<std::size_t>(length) : kLongTextCharactersMax;
  }

  template <auto Member>
  std::optional<store::PlainOf<Member>> value_of() {
    using Plain = store::PlainOf<Member>;
    const std::string_view field = schema::column_name<Member>();
    if (body_.find(field) == nullptr) return std::nullopt;
    if constexpr (std::same_as<Plain, std::string>) {
      return body_.text_or_empty(field, characters_max<Member>());
    } else if constexpr (std::same_as<Plain, bool>) {
      return body_.optional_boolean(field);
    } else if constexpr (std::same_as<Plain, Json>) {
      return container(field, schema::detail::null_as(schema::column_of<Member>().default_word));
    } else {
      static_assert(std::same_as<Plain, std::int64_t>);
      return body_.optional_integer(field, 0, api::kIntegerMax);
    }
  }

  template <auto Member, class Row>
  void read_member(Row& row) {
    if (auto value = value_of<Member>()) row.*Member = *std::move(value);
  }

  template <auto Member, class Row>
  void add_change(std::vector<store::Assignment<Row>>& assignments) {
    const std::string_view field = schema::column_name<Member>();
    if (!has(field)) return;
    if (body_.find(field) == nullptr) return add_null<Member>(assignments);
    if (auto value = value_of<Member>()) {
      assignments.push_back(store::set<Member>(store::FieldOf<Member>(*std::move(value))));
    }
  }

  template <auto Member, class Row>
  void add_null(std::vector<store::Assignment<Row>>& assignments) {
    if constexpr (schema::OptionalOf<store::FieldOf<Member>>::is_optional) {
      assignments.push_back(store::set<Member>(std::nullopt));
    } else {
      body_.errors().add(schema::column_name<Member>(), "required", "must not be null");
    }
  }

  /// A list where the column's default is one, else an object.
  std::optional<Json> container(std::string_view field, const Json& fresh);

  JsonObject given_;
  api::BodyReader body_;
};

/// What a field of that member may be, for the API's document.
template <auto Member>
JsonObject field_schema() {
  constexpr const auto& column = schema::column_of<Member>();
  if constexpr (column.kind == schema::TypeKind::Json) {
    return schema::detail::null_as(column.default_word).is_array()
               ? json_schema::list_of(JsonObject{})
               : json_schema::any_object();
  } else if constexpr (std::same_as<store::PlainOf<Member>, std::int64_t>) {
    return json_schema::integer(0, api::kIntegerMax);
  } else {
    return schema::detail::schema_of(column.kind, column.type.length);
  }
}

/// The fields, none of which needs to be there.
template <auto... Members>
std::vector<json_schema::Field> field_schemas(Fields<Members...>) {
  return {json_schema::optional(schema::column_name<Members>(), field_schema<Members>())...};
}

}  // namespace parley::leads
