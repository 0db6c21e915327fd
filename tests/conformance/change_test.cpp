// Every alternative of `Change`: run on tables with rows, it leads to the catalogue that `apply`
// promises, the rows survive, and its inverse leads back.

#include <algorithm>
#include <set>

#include "conformance/conformance.h"

namespace parley::test {
namespace {

using namespace schema;

Table authors() {
  Table table;
  table.name = "authors";
  table.columns = {column("id", integer()), column("email", string(40)),
                   nullable_column("name", string(40))};
  table.columns[0].auto_increment = true;
  table.primary_key = PrimaryKey{.name = "", .columns = {"id"}};
  table.uniques = {Unique{.name = "", .columns = {"email"}}};
  return table;
}

Table notes() {
  Table table;
  table.name = "notes";
  table.columns = {column("id", integer()),
                   column("author_id", integer()),
                   nullable_column("title", string(40)),
                   column("rating", integer()),
                   nullable_column("data", json()),
                   column("updated_at", datetime())};
  table.columns[0].auto_increment = true;
  table.columns[3].default_value = Number{"0"};
  table.columns[5].default_value = CurrentTimestamp{};
  table.columns[5].on_update_now = true;
  table.primary_key = PrimaryKey{.name = "", .columns = {"id"}};
  table.uniques = {Unique{.name = "uq_title", .columns = {"title"}}};
  table.checks = {Check{.name = "ck_rating", .expression = "rating >= 0"}};
  ForeignKey key;
  key.columns = {"author_id"};
  key.referenced_table = "authors";
  key.referenced_columns = {"id"};
  key.on_delete = ReferenceAction::Cascade;
  table.foreign_keys = {key};
  table.indexes = {index_on("idx_rating", {"rating"})};
  return table;
}

/// A table without key and constraints, to give them to it.
Table plain() {
  Table table;
  table.name = "plain";
  table.columns = {column("a", integer()), column("b", integer()),
                   nullable_column("c", string(40))};
  return table;
}

Column altered(Column column_before, void (*alter)(Column&)) {
  alter(column_before);
  return column_before;
}

IndexPart expression_part(std::string sql) {
  IndexPart part;
  part.expression = std::move(sql);
  return part;
}

Index index_of(std::string name, IndexPart part) {
  Index index;
  index.name = std::move(name);
  index.parts = {std::move(part)};
  return index;
}

/// The cases for what an index can be beside columns in an order.
std::vector<ChangeCase> index_cases() {
  using dialect::Capabilities;
  Index covering = index_on("idx_covering", {"title"});
  covering.include = {"rating"};
  Index hashed = index_on("idx_hashed", {"title"});
  hashed.method = "hash";
  IndexPart beginning{.column = "title"};
  beginning.prefix_length = 5;
  IndexPart nulls_first{.column = "title"};
  nulls_first.nulls = NullsOrder::First;
  IndexPart nulls_last{.column = "title", .descending = true};
  nulls_last.nulls = NullsOrder::Last;
  Index partial = index_on("idx_partial", {"title"});
  partial.where = "rating > 1 AND title IS NOT NULL";
  const auto create = [](Index index) { return CreateIndex{"notes", std::move(index)}; };
  return {
      {"CreateIndexOnExpression", create(index_of("idx_lower", expression_part("lower(title)"))),
       &Capabilities::expression_indexes},
      {"CreateIndexOnBeginning", create(index_of("idx_beginning", beginning)),
       &Capabilities::prefix_indexes},
      {"CreateIndexIncluding", create(covering), &Capabilities::include_columns},
      {"CreateIndexByHash", create(hashed), &Capabilities::index_methods},
      {"CreateIndexNullsFirst", create(index_of("idx_nulls_first", nulls_first)),
       &Capabilities::nulls_order},
      {"CreateIndexNullsLast", create(index_of("idx_nulls_last", nulls_last)),
       &Capabilities::nulls_order},
      {"CreateIndexPartial", create(partial), &Capabilities::partial_index},
      {"RenameIndex", RenameIndex{"notes", "idx_rating", "idx_stars"}},
  };
}

/// The cases for generated columns, deferral, comments, options, and what changes rows.
std::vector<ChangeCase> other_cases() {
  using dialect::Capabilities;
  Column stored = nullable_column("doubled", integer());
  stored.generated = Generated{.expression = "rating * 2", .is_stored = true};
  Column computed = stored;
  computed.generated->is_stored = false;
  ForeignKey deferred;
  deferred.name = "fk_deferred";
  deferred.columns = {"b"};
  deferred.referenced_table = "authors";
  deferred.referenced_columns = {"id"};
  deferred.deferral = Deferral::InitiallyDeferred;
  ForeignKey deferrable = deferred;
  deferrable.name = "fk_deferrable";
  deferrable.deferral = Deferral::InitiallyImmediate;
  Table aside;
  aside.name = "aside";
  aside.columns = {column("id", integer())};
  return {
      {"AddColumnStored", AddColumn{"notes", stored}, &Capabilities::stored_generated_columns},
      {"AddColumnComputed", AddColumn{"notes", computed}, &Capabilities::virtual_generated_columns},
      {"AddForeignKeyDeferred", AddForeignKey{"plain", deferred}, &Capabilities::deferrable_keys},
      {"AddForeignKeyDeferrable", AddForeignKey{"plain", deferrable},
       &Capabilities::deferrable_keys},
      {"SetCommentOfTable", SetComment{"notes", "", "what it's for"}},
      {"SetCommentOfColumn", SetComment{"notes", "rating", "one to five"}},
      {"SetCommentOfMovingColumn", SetComment{"notes", "updated_at", "by itself"}},
      {"SetTableOptions", SetTableOptions{"optional", true, true}},
      {"Backfill",
       Backfill{
           "plain", {{.column = "c", .value = for_all_engines("'w'")}}, for_all_engines("a = 1")}},
      {"BackfillAll", Backfill{"plain",
                               {{.column = "c", .value = for_all_engines("'v'")},
                                {.column = "a", .value = for_all_engines("a + 0")}},
                               {}}},
      {"Execute", Execute{.texts = for_all_engines("UPDATE plain SET c = 'w'"),
                          .undo = for_all_engines("UPDATE plain SET c = 'v'")}},
      {"ExecuteThatStandsForAChange",
       Execute{.texts = for_all_engines("CREATE TABLE aside (id INTEGER NOT NULL)"),
               .undo = for_all_engines("DROP TABLE aside"),
               .stands_for = {AnyChange{CreateTable{aside}}}}},
  };
}

std::vector<ChangeCase> change_cases() {
  ForeignKey to_author;
  to_author.columns = {"b"};
  to_author.referenced_table = "authors";
  to_author.referenced_columns = {"id"};
  ForeignKey named = to_author;
  named.name = "fk_b";
  named.on_delete = ReferenceAction::Cascade;

  Column with_now = column("seen_at", datetime());
  with_now.default_value = CurrentTimestamp{};
  Column moving = with_now;
  moving.name = "moved_at";
  moving.on_update_now = true;
  Column with_default = column("flag", boolean());
  with_default.default_value = true;
  Column moving_nullable = nullable_column("touched_at", datetime());
  moving_nullable.on_update_now = true;

  const Table note = notes();
  const Column title = *note.find_column("title");
  const Column rating = *note.find_column("rating");
  const Column moves = *note.find_column("updated_at");
  Index unique = index_on("idx_new", {"title", "rating"});
  unique.unique = true;
  unique.parts[1].descending = true;
  Table created = plain();
  created.name = "created";
  created.indexes = {index_on("idx_created", {"a"})};

  return {
      {"CreateTable", CreateTable{created}},
      {"DropTable", DropTable{"notes"}},
      {"RenameTable", RenameTable{"notes", "remarks"}},
      {"RenameTableReferredTo", RenameTable{"authors", "writers"}},
      {"AddColumnNullable", AddColumn{"notes", nullable_column("extra", text())}},
      {"AddColumnWithDefault", AddColumn{"notes", with_default}},
      {"AddColumnWithNow", AddColumn{"notes", with_now}},
      {"AddColumnMoving", AddColumn{"notes", moving}},
      {"AddColumnMovingNullable", AddColumn{"notes", moving_nullable}},
      {"AddColumnToParent", AddColumn{"authors", with_now}},
      {"DropColumn", DropColumn{"notes", "data"}},
      {"DropColumnMoving", DropColumn{"notes", "updated_at"}},
      {"AlterColumnType",
       AlterColumn{"notes", altered(title, [](Column& c) { c.type = string(200); })}},
      {"AlterColumnToWiderNumber",
       AlterColumn{"notes", altered(rating, [](Column& c) { c.type = big_integer(); })}},
      {"AlterColumnNullable",
       AlterColumn{"notes", altered(rating, [](Column& c) { c.nullable = true; })}},
      {"AlterColumnNotNull",
       AlterColumn{"notes", altered(title, [](Column& c) { c.nullable = false; })}},
      {"AlterColumnDefault",
       AlterColumn{"notes", altered(rating, [](Column& c) { c.default_value = Number{"3"}; })}},
      {"AlterColumnNoDefault",
       AlterColumn{"notes", altered(rating, [](Column& c) { c.default_value.reset(); })}},
      {"AlterColumnMovesNoMore",
       AlterColumn{"notes", altered(moves, [](Column& c) { c.on_update_now = false; })}},
      {"AlterColumnMovedByAnother",
       AlterColumn{"notes",
                   altered(moves, [](Column& c) { c.on_update_trigger = "touch_notes"; })}},
      {"AlterColumnOfParent", AlterColumn{"authors", altered(*authors().find_column("name"),
                                                             [](Column& c) { c.type = text(); })}},
      {"RenameColumn", RenameColumn{"notes", "title", "heading"}},
      {"RenameColumnOfCheck", RenameColumn{"notes", "rating", "stars"}},
      {"RenameColumnOfForeignKey", RenameColumn{"notes", "author_id", "writer_id"}},
      {"RenameColumnOfUnnamedUnique", RenameColumn{"authors", "email", "mail"}},
      {"RenameColumnMoving", RenameColumn{"notes", "updated_at", "changed_at"}},
      {"RenameColumnJson", RenameColumn{"notes", "data", "payload"}},
      {"CreateIndex", CreateIndex{"notes", unique}},
      {"DropIndex", DropIndex{"notes", "idx_rating"}},
      {"AddPrimaryKey", AddPrimaryKey{"plain", PrimaryKey{.name = "", .columns = {"a", "b"}}}},
      {"AddUnique", AddUnique{"plain", Unique{.name = "uq_ab", .columns = {"a", "b"}}}},
      {"AddUniqueUnnamed", AddUnique{"plain", Unique{.name = "", .columns = {"b", "a"}}}},
      {"DropUnique", DropUnique{"notes", Unique{.name = "uq_title", .columns = {"title"}}}},
      {"DropUniqueUnnamed", DropUnique{"authors", Unique{.name = "", .columns = {"email"}}}},
      {"AddCheck", AddCheck{"plain", Check{.name = "ck_a", .expression = "a > 0 AND c <> 'z'"}}},
      {"DropCheck", DropCheck{"notes", "ck_rating"}},
      {"AddForeignKey", AddForeignKey{"plain", named}},
      {"AddForeignKeyUnnamed", AddForeignKey{"plain", to_author}},
      {"DropForeignKey", DropForeignKey{"notes", note.foreign_keys.front()}},
  };
}

/// Those of this file's fixture.
std::vector<ChangeCase> all_cases() {
  std::vector<ChangeCase> cases = change_cases();
  for (auto& more : {index_cases(), other_cases()}) {
    cases.insert(cases.end(), more.begin(), more.end());
  }
  return cases;
}

class ChangeTest : public ConformanceTest {
 protected:
  void SetUp() override {
    Table keyed = plain();
    keyed.name = "keyed";
    keyed.primary_key = PrimaryKey{.name = "", .columns = {"a", "b"}};
    Table with_options;
    with_options.name = "optional";
    with_options.columns = {column("id", integer()), nullable_column("body", text())};
    with_options.primary_key = PrimaryKey{.name = "", .columns = {"id"}};
    apply_all({CreateTable{authors()}, CreateTable{notes()}, CreateTable{plain()},
               CreateTable{keyed}, CreateTable{with_options}});
    execute("INSERT INTO optional (id, body) VALUES (7, 'kept')");
    execute("INSERT INTO authors (email, name) VALUES ('a@x', 'A')");
    execute("INSERT INTO authors (email, name) VALUES ('b@x', NULL)");
    execute("INSERT INTO notes (author_id, title, rating, data) VALUES (1, 'one', 5, '{\"k\":1}')");
    execute("INSERT INTO notes (author_id, title, rating, data) VALUES (2, 'two', 0, NULL)");
    execute("INSERT INTO plain (a, b, c) VALUES (1, 2, 'v')");
    execute("INSERT INTO keyed (a, b, c) VALUES (1, 2, 'v')");
  }

  void apply_and_return(const Change& change) {
    const Schema before = found();
    const auto way_back = inverse(change, state());
    apply(change);
    EXPECT_EQ(found(), expected());
    expect_rows(std::holds_alternative<DropTable>(change));
    apply_all(way_back);
    EXPECT_EQ(by_column_name(found()), by_column_name(before));
    expect_rows(std::holds_alternative<DropTable>(change));
  }

 private:
  /// A column that was dropped comes back as the last one.
  static Schema by_column_name(Schema schema) {
    for (Table& table : schema.tables) {
      std::sort(table.columns.begin(), table.columns.end(),
                [](const Column& a, const Column& b) { return a.name < b.name; });
    }
    return schema;
  }

  std::string name_now(const std::string& table, const std::string& renamed) {
    return state().find_table(table) != nullptr ? table : renamed;
  }

  void expect_rows(bool are_notes_gone) {
    EXPECT_EQ(value("SELECT COUNT(*) FROM " + name_now("authors", "writers")), "2");
    EXPECT_EQ(value("SELECT b FROM plain"), "2");
    EXPECT_EQ(value("SELECT b FROM keyed"), "2");
    EXPECT_EQ(value("SELECT body FROM optional WHERE id = 7"), "kept");
    if (are_notes_gone) return;
    const std::string table = name_now("notes", "remarks");
    EXPECT_EQ(value("SELECT COUNT(*) FROM " + table), "2");
    const bool has_title = state().find_table(table)->find_column("title") != nullptr;
    EXPECT_EQ(value(std::string("SELECT ") + (has_title ? "title" : "heading") + " FROM " + table +
                    " WHERE id = 2"),
              "two");
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, ChangeTest, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(ChangeTest, DropPrimaryKeyAndBack) { apply_and_return(DropPrimaryKey{"keyed"}); }

TEST_P(ChangeTest, DropNamedForeignKeyAndBack) {
  ForeignKey key;
  key.name = "fk_a";
  key.columns = {"a"};
  key.referenced_table = "authors";
  key.referenced_columns = {"id"};
  apply(AddForeignKey{"plain", key});
  apply_and_return(DropForeignKey{"plain", key});
}

TEST_P(ChangeTest, EveryOtherAlternativeAndBack) {
  for (const ChangeCase& change_case : all_cases()) {
    SCOPED_TRACE(change_case.name);
    if (!can_do(capabilities(), change_case)) continue;
    apply_and_return(change_case.change);
    // Of a dropped table only the catalogue comes back.
    if (std::holds_alternative<DropTable>(change_case.change)) {
      execute("INSERT INTO notes (id, author_id, title, rating) VALUES (1, 1, 'one', 5)");
      execute("INSERT INTO notes (id, author_id, title, rating) VALUES (2, 2, 'two', 0)");
    }
    if (HasFailure()) return;
  }
}

TEST_P(ChangeTest, CaseListHasEveryAlternative) {
  std::set<std::size_t> seen = {Change(DropPrimaryKey{}).index()};
  for (const auto& cases : {all_cases(), object_change_cases()}) {
    for (const ChangeCase& change_case : cases) seen.insert(change_case.change.index());
  }
  EXPECT_EQ(seen.size(), std::variant_size_v<Change>);
}

TEST_P(ChangeTest, ColumnBeginsToCountBehindTheRowsAndEnds) {
  apply(DropPrimaryKey{"keyed"});
  apply(AddPrimaryKey{"keyed", PrimaryKey{.name = "", .columns = {"b"}}});
  Column counted = *state().find_table("keyed")->find_column("b");
  counted.auto_increment = true;
  apply_and_return(AlterColumn{"keyed", counted});
  apply(AlterColumn{"keyed", counted});
  execute("INSERT INTO keyed (a) VALUES (7)");
  EXPECT_EQ(value("SELECT b FROM keyed WHERE a = 7"), "3");
}

TEST_P(ChangeTest, TruthBecomesANumberAndBack) {
  Column flag = column("flag", boolean());
  flag.default_value = true;
  apply(AddColumn{"plain", flag});
  flag.type = big_integer();
  flag.default_value = Number{"1"};
  apply_and_return(AlterColumn{"plain", flag});
  EXPECT_EQ(value("SELECT COUNT(*) FROM plain WHERE flag = TRUE"), "1");
}

TEST_P(ChangeTest, IdsOfDeletedRowsDoNotComeBackAfterAnAlteration) {
  execute("DELETE FROM notes WHERE id = 2");
  apply(AlterColumn{
      "notes", altered(*notes().find_column("title"), [](Column& c) { c.type = string(99); })});
  execute("INSERT INTO notes (author_id, rating) VALUES (1, 1)");
  EXPECT_EQ(value("SELECT MAX(id) FROM notes"), "3");
}

TEST_P(ChangeTest, ChildRowsStayWhenTheParentIsAltered) {
  apply(AlterColumn{
      "authors", altered(*authors().find_column("name"), [](Column& c) { c.type = string(99); })});
  EXPECT_EQ(value("SELECT COUNT(*) FROM notes"), "2");
  execute("DELETE FROM authors WHERE id = 1");
  EXPECT_EQ(value("SELECT COUNT(*) FROM notes"), "1");
}

TEST_P(ChangeTest, ColumnThatCannotBeNullIsRefusedForRowsWithNull) {
  const Column name =
      altered(*authors().find_column("name"), [](Column& c) { c.nullable = false; });
  EXPECT_ANY_THROW(apply(AlterColumn{"authors", name}));
  EXPECT_EQ(found(), expected());
}

}  // namespace
}  // namespace parley::test
