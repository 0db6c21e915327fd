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

struct ChangeCase {
  std::string name;
  Change change;
};

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
      {"Execute", Execute{.texts = {{.dialect = "", .sql = "UPDATE plain SET c = 'w'"}},
                          .undo = {{.dialect = "", .sql = "UPDATE plain SET c = 'v'"}}}},
  };
}

class ChangeTest : public ConformanceTest {
 protected:
  void SetUp() override {
    Table keyed = plain();
    keyed.name = "keyed";
    keyed.primary_key = PrimaryKey{.name = "", .columns = {"a", "b"}};
    apply_all(
        {CreateTable{authors()}, CreateTable{notes()}, CreateTable{plain()}, CreateTable{keyed}});
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
  for (const ChangeCase& change_case : change_cases()) {
    SCOPED_TRACE(change_case.name);
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
  for (const ChangeCase& change_case : change_cases()) seen.insert(change_case.change.index());
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
