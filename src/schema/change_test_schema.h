#pragma once

// The schema that the tests of changes start from: users, and posts that refer to them, with one of
// everything a table can hold.

#include "schema/schema.h"

namespace parley::schema::test {

inline Schema blog() {
  const Table users{
      .name = "users",
      .columns = {{.name = "id", .type = integer(), .auto_increment = true},
                  {.name = "email", .type = string(255)},
                  {.name = "tenant", .type = string(20)},
                  {.name = "full_name", .type = string(255), .nullable = true}},
      .primary_key = PrimaryKey{.columns = {"id"}},
      .uniques = {{.name = "uq_email", .columns = {"email"}}, {.columns = {"tenant", "email"}}},
      .checks = {{.name = "ck_email", .expression = "email <> ''"}},
      .indexes = {{.name = "ix_tenant", .parts = {{.column = "tenant"}}}},
      .comment = "People"};
  const Table posts{
      .name = "posts",
      .columns = {{.name = "id", .type = integer()},
                  {.name = "author", .type = integer()},
                  {.name = "parent", .type = integer(), .nullable = true},
                  {.name = "title", .type = string(80), .default_value = std::string("")},
                  {.name = "state", .type = string(10)},
                  {.name = "note", .type = text(), .nullable = true}},
      .primary_key = PrimaryKey{.name = "pk_posts", .columns = {"id"}},
      .uniques = {{.name = "uq_title", .columns = {"author", "title"}}},
      .checks = {{.name = "ck_title", .expression = "title <> 'state'"},
                 {.name = "ck_parent", .expression = "parent <> id"}},
      .foreign_keys = {{.name = "fk_author",
                        .columns = {"author"},
                        .referenced_table = "users",
                        .referenced_columns = {"id"},
                        .on_delete = ReferenceAction::Cascade},
                       {.columns = {"parent"},
                        .referenced_table = "posts",
                        .referenced_columns = {"id"}}},
      .indexes = {{.name = "ix_title", .parts = {{.column = "title", .descending = true}}},
                  {.name = "ux_state",
                   .parts = {{.column = "author"}},
                   .unique = true,
                   .where = "state = 'draft'"}}};
  return Schema{.tables = {users, posts}};
}

}  // namespace parley::schema::test
