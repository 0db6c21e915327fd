#include "migrate/schema_file.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "base/error.h"
#include "migrate/revision.h"
#include "schema/change_test_schema.h"

namespace parley::migrate {
namespace {

using testing::HasSubstr;

const std::string kBlog = R"(enums:
  - enum: post_state (draft, published)
  - enum: reason
    values:
      - not reachable
      - "no"

tables:
  - table: users
    columns:
      - id: integer auto_increment
      - email: string(255)
    primary_key: [id]
    indexes:
      - unique ux_email (lower(email))

  - table: posts
    columns:
      - id: integer
      - author: integer null
      - state: enum(post_state) default 'draft'
      - title:
          type: string(80)
          comment: Shown in lists
    primary_key: [id]
    foreign_keys:
      - author -> users(id) on delete set null
    strict: true

views:
  - view: drafts
    query: SELECT id FROM posts WHERE state = 'draft'

triggers:
  - trigger: trg_posts before insert on posts
    body:
      sqlite: SELECT 1;
      postgresql: BEGIN RETURN NEW; END
)";

Error error_of(const std::string& yaml) {
  try {
    parse_schema_file(yaml, "schema.yaml");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidRevisionFile);
    return error;
  }
  ADD_FAILURE() << "this was read:\n" << yaml;
  return Error(ErrorCode::Internal, "");
}

std::string message_for(const std::string& yaml) { return error_of(yaml).what(); }

TEST(SchemaFile, IsWrittenAsItIsRead) {
  const SchemaFile file = parse_schema_file(kBlog, "schema.yaml");
  EXPECT_EQ(file.schema.tables.size(), 2U);
  EXPECT_EQ(file.schema.enums.size(), 2U);
  EXPECT_EQ(file.renames, Renames{});
  EXPECT_EQ(to_yaml(file.schema), kBlog);
}

TEST(SchemaFile, KeepsEverySchema) {
  for (const schema::Schema& schema : {schema::Schema{}, schema::test::blog()}) {
    EXPECT_EQ(parse_schema_file(to_yaml(schema), "schema.yaml").schema, schema) << to_yaml(schema);
  }
}

TEST(SchemaFile, SaysWhichNamesWereOthersBefore) {
  const Renames renames = parse_schema_file(R"(tables:
  - table: messages
    renamed_from: msgs
    columns:
      - id: integer
      - body: {type: text, renamed_from: message}
enums:
  - enum: state (queued, sent)
    rename: {waiting: queued}
)",
                                            "schema.yaml")
                              .renames;
  EXPECT_EQ(renames.tables, (std::vector<TableRename>{{"msgs", "messages"}}));
  EXPECT_EQ(renames.columns, (std::vector<ColumnRename>{{"messages", "message", "body"}}));
  EXPECT_EQ(renames.values, (std::vector<ValueRename>{{"state", "waiting", "queued"}}));
}

TEST(SchemaFile, TakesTablesThatReferToEachOther) {
  const auto file = parse_schema_file(R"(tables:
  - table: a
    columns: [id: integer, b: integer]
    primary_key: id
    foreign_keys: [b -> b(id)]
  - table: b
    columns: [id: integer, a: integer]
    primary_key: id
    foreign_keys: [a -> a(id)]
)",
                                      "schema.yaml");
  EXPECT_EQ(parse_schema_file(to_yaml(file.schema), "schema.yaml"), file);
}

TEST(SchemaFile, RefusesAFileThatIsNoSchema) {
  EXPECT_EQ(message_for(""), "schema.yaml:1:1: the file is empty");
  EXPECT_EQ(message_for("- a\n"), "schema.yaml:1:1: a schema file is made of keys and values");
  EXPECT_EQ(message_for("revision: a1\nupgrade: []\n"),
            "schema.yaml:1:1: this is a revision file, not a whole schema");
  EXPECT_EQ(message_for("tabels: []\n"),
            "schema.yaml:1:1: unknown key 'tabels' in a schema file; did you mean 'tables'?");
  EXPECT_EQ(message_for("tables: {a: b}\n"),
            "schema.yaml:1:9: 'tables' must be a list, one item per line with '- ' in front");
}

TEST(SchemaFile, SaysWhatAnItemLooksLike) {
  const Error error = error_of("tables:\n  - users:\n      columns: []\n");
  EXPECT_STREQ(error.what(), "schema.yaml:2:5: here a 'table' is expected");
  EXPECT_EQ(error.hint(), "It reads: - table: name");
  EXPECT_THAT(message_for("tables:\n  - table: a\n    colums: []\n"),
              HasSubstr("3:5: unknown key 'colums' in a table; did you mean 'columns'?"));
  EXPECT_THAT(message_for("tables:\n  - table: a\n    columns: [id: integr]\n"),
              HasSubstr("3:19: unknown type 'integr'; did you mean 'integer'?"));
}

TEST(SchemaFile, RefusesWhatCannotBeTogether) {
  const std::string users = "tables:\n  - table: users\n    columns: [id: integer]\n";
  EXPECT_EQ(message_for(users + "  - table: users\n    columns: [id: integer]\n"),
            "schema.yaml:4:5: 'users' is here twice; the first is in line 2");
  EXPECT_EQ(message_for(users + "views:\n  - view: users\n    query: SELECT 1\n"),
            "schema.yaml:5:5: 'users' is here twice; the first is in line 2");
  const Error error = error_of(
      users + "  - table: posts\n    columns: [u: integer]\n    foreign_keys: [u -> usrs(id)]\n");
  EXPECT_STREQ(error.what(), "schema.yaml:4:5: there is no table 'usrs'");
  EXPECT_EQ(error.hint(), "Did you mean 'users'?");
  EXPECT_THAT(message_for(users + "    indexes: [i (name)]\n"),
              HasSubstr("schema.yaml:2:5: table 'users' has no column 'name'"));
  EXPECT_THAT(message_for("tables:\n  - table: t\n    columns: [s: enum(state)]\n"),
              HasSubstr("schema.yaml:2:5: column 't.s' is of enum 'state', which does not exist"));
  EXPECT_THAT(message_for(users + "triggers:\n  - trigger: g after insert on user\n    body: x\n"),
              HasSubstr("schema.yaml:5:5: there is no table 'user'"));
}

TEST(SchemaFile, KeepsRenamesOutOfRevisionFiles) {
  EXPECT_THROW(parse_revision("revision: a1\nupgrade:\n  - create_table: t\n    columns:\n"
                              "      - a: {type: text, renamed_from: b}\n",
                              "a1.yaml"),
               Error);
}

std::string guide() {
  const std::filesystem::path root(PARLEY_ROOT);
  std::ifstream file(root / "docs/guide/schema-files.md");
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(SchemaFile, IsInTheGuideAsItIsRead) {
  const std::string text = guide();
  const std::string open = "```yaml\n";
  int examples = 0;
  for (auto begin = text.find(open); begin != std::string::npos; begin = text.find(open, begin)) {
    begin += open.size();
    const std::string example = text.substr(begin, text.find("```\n", begin) - begin);
    EXPECT_NO_THROW(parse_schema_file(example, "guide")) << example;
    ++examples;
  }
  EXPECT_GE(examples, 2);
}

}  // namespace
}  // namespace parley::migrate
