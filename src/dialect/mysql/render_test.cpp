// The SQL of MySQL and MariaDB, word for word: what the tests cannot run on a MySQL server is
// compared with its reference manual here.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/text.h"
#include "dialect/dialect.h"

namespace parley::dialect {
namespace {

using namespace schema;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

Column make_column(std::string name, Type type) {
  Column column;
  column.name = std::move(name);
  column.type = std::move(type);
  return column;
}

Index index_of(std::string name, IndexPart part) {
  Index index;
  index.name = std::move(name);
  index.parts = {std::move(part)};
  return index;
}

/// Orders of a customer, with every kind of thing that hangs on a table.
Schema shop() {
  Table orders;
  orders.name = "orders";
  orders.columns = {make_column("id", integer()),
                    make_column("customer", integer()),
                    make_column("price", integer()),
                    make_column("gross", integer()),
                    make_column("state", enumeration("state")),
                    make_column("note", text()),
                    make_column("place", native("point")),
                    make_column("moved_at", datetime())};
  orders.columns[2].comment = "in cents";
  orders.columns[3].generated = Generated{.expression = "price * 2", .is_stored = true};
  orders.columns[7].on_update_now = true;
  orders.primary_key = PrimaryKey{.name = "", .columns = {"id"}};
  orders.indexes = {index_of("idx_customer", {.column = "customer"})};
  ForeignKey key;
  key.columns = {"customer"};
  key.referenced_table = "customers";
  key.referenced_columns = {"id"};
  orders.foreign_keys = {key};
  Table customers;
  customers.name = "customers";
  customers.columns = {make_column("id", integer())};
  customers.primary_key = PrimaryKey{.name = "", .columns = {"id"}};
  customers.checks = {Check{.name = "ck_id", .expression = "id > 0"}};
  Trigger moved;
  moved.name = "moved";
  moved.table = "orders";
  moved.time = TriggerTime::Before;
  moved.events.update = true;
  moved.body = {{.dialect = "", .sql = "SET NEW.price = OLD.price;"}};
  Schema schema;
  schema.tables = {customers, orders};
  schema.views = {
      View{.name = "a_top", .query = {{.dialect = "", .sql = "SELECT id FROM b_base"}}},
      View{.name = "b_base", .query = {{.dialect = "", .sql = "SELECT id FROM orders"}}},
      View{.name = "c_over",
           .query = {{.dialect = "", .sql = "SELECT b.id FROM b_base b, orders"}}}};
  schema.triggers = {moved};
  schema.enums = {Enum{.name = "state", .values = {"new", "sent"}}};
  return schema;
}

std::vector<std::string> rendered(const Dialect& dialect, const Change& change,
                                  const Schema& before = shop()) {
  std::vector<std::string> statements;
  for (const std::string& statement : dialect.render(change, before)) {
    statements.push_back(collapse_white_space(statement));
  }
  return statements;
}

class MysqlRender : public testing::TestWithParam<const Dialect*> {};
INSTANTIATE_TEST_SUITE_P(Dialects, MysqlRender, testing::Values(&mysql(), &mariadb()),
                         [](const auto& tested) { return tested.param->capabilities().name; });

TEST_P(MysqlRender, HoldsAnEnumAsTextWithACheck) {
  EXPECT_THAT(
      rendered(*GetParam(), AddColumn{"customers", make_column("state", enumeration("state"))}),
      ElementsAre("ALTER TABLE customers ADD COLUMN state VARCHAR(4) NOT NULL, "
                  "ADD CONSTRAINT enum_state__customers_state CHECK (state IN ('new', 'sent'))"));
}

TEST(MysqlEnum, IsReplacedInOneStatementWhenNoRowMustFollow) {
  const Change more = AlterEnum{{.name = "state", .values = {"new", "sent", "returned"}}, {}, {}};
  EXPECT_THAT(rendered(mysql(), more),
              ElementsAre("ALTER TABLE orders DROP CHECK enum_state__orders_state, "
                          "MODIFY COLUMN state VARCHAR(8) NOT NULL, "
                          "ADD CONSTRAINT enum_state__orders_state CHECK "
                          "(state IN ('new', 'sent', 'returned'))"));
}

TEST(MysqlEnum, AllowsBothListsWhileTheRowsFollow) {
  const Change renamed =
      AlterEnum{{.name = "state", .values = {"fresh", "sent"}}, {{"new", "fresh"}}, {}};
  EXPECT_THAT(
      rendered(mariadb(), renamed),
      ElementsAre(
          "ALTER TABLE orders DROP CONSTRAINT enum_state__orders_state, "
          "MODIFY COLUMN state VARCHAR(5) NOT NULL, ADD CONSTRAINT enum_state__orders_state "
          "CHECK (state IN ('new', 'sent', 'fresh'))",
          "UPDATE orders SET state = CASE state WHEN 'new' THEN 'fresh' ELSE state END, "
          "moved_at = moved_at WHERE state IN ('new')",
          "ALTER TABLE orders DROP CONSTRAINT enum_state__orders_state, "
          "ADD CONSTRAINT enum_state__orders_state CHECK (state IN ('fresh', 'sent'))"));
}

TEST_P(MysqlRender, MakesNothingOfAnEnumByItself) {
  EXPECT_THAT(rendered(*GetParam(), CreateEnum{{.name = "size", .values = {"s"}}}), IsEmpty());
  EXPECT_THAT(rendered(*GetParam(), DropEnum{"state"}), IsEmpty());
}

TEST_P(MysqlRender, CallsTheChecksOfEnumsAfterTheNewTable) {
  const auto statements = rendered(*GetParam(), RenameTable{"orders", "sales"});
  EXPECT_THAT(statements.front(), StartsWith("ALTER TABLE orders RENAME TO sales, DROP "));
  EXPECT_THAT(statements.front(), HasSubstr("ADD CONSTRAINT enum_state__sales_state CHECK"));
}

TEST_P(MysqlRender, MakesViewsAnewBehindARenameEachBehindThoseItReads) {
  const auto statements = rendered(*GetParam(), RenameTable{"orders", "sales"});
  ASSERT_EQ(statements.size(), 3U);
  EXPECT_EQ(statements[1], "CREATE OR REPLACE VIEW b_base AS SELECT id FROM sales");
  EXPECT_EQ(statements[2], "CREATE OR REPLACE VIEW c_over AS SELECT b.id FROM b_base b, sales");
}

TEST(MysqlTrigger, FollowsARenamedColumn) {
  Schema before = shop();
  before.views.clear();
  before.find_table("orders")->columns[3].generated.reset();
  const Change change = RenameColumn{"orders", "price", "cost"};
  EXPECT_THAT(rendered(mariadb(), change, before),
              ElementsAre("ALTER TABLE orders RENAME COLUMN price TO cost",
                          "CREATE OR REPLACE TRIGGER moved BEFORE UPDATE ON orders FOR EACH ROW "
                          "BEGIN SET NEW.cost = OLD.cost; END"));
  EXPECT_THAT(rendered(mysql(), change, before),
              ElementsAre("ALTER TABLE orders RENAME COLUMN price TO cost",
                          "DROP TRIGGER IF EXISTS moved; CREATE TRIGGER moved BEFORE UPDATE ON "
                          "orders FOR EACH ROW BEGIN SET NEW.cost = OLD.cost; END"));
}

TEST_P(MysqlRender, PutsTheConditionOfATriggerAroundItsBody) {
  Trigger trigger = shop().triggers[0];
  trigger.name = "dear";
  trigger.when = {{.dialect = "mysql", .sql = "NEW.price > 3"}, {.dialect = "sqlite", .sql = "0"}};
  EXPECT_THAT(rendered(*GetParam(), CreateTrigger{trigger}),
              ElementsAre("CREATE TRIGGER dear BEFORE UPDATE ON orders FOR EACH ROW BEGIN "
                          "IF (NEW.price > 3) THEN SET NEW.price = OLD.price; END IF; END"));
}

TEST_P(MysqlRender, LeavesOutWhatHasNoTextForIt) {
  Trigger trigger = shop().triggers[0];
  trigger.name = "other";
  trigger.body = {{.dialect = "postgresql", .sql = "BEGIN RETURN NEW; END"}};
  EXPECT_THAT(rendered(*GetParam(), CreateTrigger{trigger}), IsEmpty());
  EXPECT_THAT(rendered(*GetParam(), ReplaceTrigger{trigger}),
              ElementsAre("DROP TRIGGER IF EXISTS other"));
}

TEST_P(MysqlRender, WritesTheMethodsAndBeginningsOfIndexes) {
  Index words = index_of("idx_words", {.column = "note"});
  words.method = "fulltext";
  Index places = index_of("idx_place", {.column = "place"});
  places.method = "spatial";
  const Index beginning =
      index_of("idx_begin", IndexPart{.column = "note", .descending = true, .prefix_length = 20});
  EXPECT_THAT(rendered(*GetParam(), CreateIndex{"orders", words}),
              ElementsAre("CREATE FULLTEXT INDEX idx_words ON orders (note)"));
  EXPECT_THAT(rendered(*GetParam(), CreateIndex{"orders", places}),
              ElementsAre("CREATE SPATIAL INDEX idx_place ON orders (place)"));
  EXPECT_THAT(rendered(*GetParam(), CreateIndex{"orders", beginning}),
              ElementsAre("CREATE INDEX idx_begin ON orders (note(20) DESC)"));
  EXPECT_THAT(rendered(*GetParam(), RenameIndex{"orders", "idx_customer", "idx_buyer"}),
              ElementsAre("ALTER TABLE orders RENAME INDEX idx_customer TO idx_buyer"));
}

TEST(MysqlIndex, IsOnAnExpressionInParenthesesOfItsOwn) {
  EXPECT_THAT(
      rendered(mysql(),
               CreateIndex{"orders", index_of("idx_twice", IndexPart{.expression = "price + 1"})}),
      ElementsAre("CREATE INDEX idx_twice ON orders ((price + 1))"));
}

TEST_P(MysqlRender, GivesAForeignKeyAnIndexOfItsOwnWhenItsLastOneGoes) {
  const auto statements = rendered(*GetParam(), DropIndex{"orders", "idx_customer"});
  ASSERT_EQ(statements.size(), 1U);
  EXPECT_THAT(statements[0], HasSubstr("'ALTER TABLE orders DROP INDEX idx_customer'"));
  EXPECT_THAT(statements[0], HasSubstr("', ADD INDEX customer (customer)'"));
  Schema with_more = shop();
  with_more.find_table("orders")->indexes.push_back(index_of("idx_more", {.column = "customer"}));
  EXPECT_THAT(rendered(*GetParam(), DropIndex{"orders", "idx_customer"}, with_more),
              ElementsAre("ALTER TABLE orders DROP INDEX idx_customer"));
}

TEST_P(MysqlRender, RestatesTheWholeColumnForItsComment) {
  EXPECT_THAT(rendered(*GetParam(), SetComment{"orders", "moved_at", "it's"}),
              ElementsAre("ALTER TABLE orders MODIFY COLUMN moved_at DATETIME "
                          "ON UPDATE CURRENT_TIMESTAMP NOT NULL COMMENT 'it''s'"));
  EXPECT_THAT(rendered(*GetParam(), SetComment{"orders", "", ""}),
              ElementsAre("ALTER TABLE orders COMMENT = ''"));
}

TEST(MysqlGenerated, MayBeNotNullOnMysqlOnly) {
  Column column = make_column("twice", integer());
  column.generated = Generated{.expression = "id * 2", .is_stored = false};
  EXPECT_THAT(rendered(mysql(), AddColumn{"customers", column}),
              ElementsAre("ALTER TABLE customers ADD COLUMN twice INTEGER GENERATED ALWAYS AS "
                          "(id * 2) VIRTUAL NOT NULL"));
  EXPECT_THAT(rendered(mariadb(), AddColumn{"customers", column}),
              ElementsAre("ALTER TABLE customers ADD COLUMN twice INTEGER GENERATED ALWAYS AS "
                          "(id * 2) VIRTUAL"));
  EXPECT_TRUE(mariadb()
                  .normalize(Schema{.tables = {Table{.name = "t", .columns = {column}}}})
                  .tables[0]
                  .columns[0]
                  .nullable);
}

TEST_P(MysqlRender, DropsAndAddsWhatChangesBetweenStoredAndVirtual) {
  Column column = *shop().find_table("orders")->find_column("gross");
  column.nullable = true;
  column.generated->is_stored = false;
  EXPECT_THAT(rendered(*GetParam(), AlterColumn{"orders", column}),
              ElementsAre("ALTER TABLE orders DROP COLUMN gross, ADD COLUMN gross INTEGER "
                          "GENERATED ALWAYS AS (price * 2) VIRTUAL AFTER price"));
}

TEST(MysqlGenerated, FollowsItsRenamedSourceOnMariadb) {
  Schema before = shop();
  before.views.clear();
  before.triggers.clear();
  EXPECT_THAT(rendered(mariadb(), RenameColumn{"orders", "price", "cost"}, before),
              ElementsAre("ALTER TABLE orders RENAME COLUMN price TO cost, MODIFY COLUMN gross "
                          "INTEGER GENERATED ALWAYS AS (cost * 2) STORED"));
}

TEST_P(MysqlRender, TriesWhatDisturbsLeastFirst) {
  EXPECT_THAT(GetParam()->online_forms("ALTER TABLE t ADD COLUMN a INTEGER"),
              ElementsAre("ALTER TABLE t ADD COLUMN a INTEGER, ALGORITHM=INSTANT",
                          "ALTER TABLE t ADD COLUMN a INTEGER, ALGORITHM=INPLACE, LOCK=NONE"));
  EXPECT_THAT(GetParam()->online_forms("CREATE UNIQUE INDEX i ON t (a)"),
              ElementsAre("CREATE UNIQUE INDEX i ON t (a) ALGORITHM=INPLACE LOCK=NONE"));
  EXPECT_THAT(GetParam()->online_forms("UPDATE t SET a = 1"), IsEmpty());
  EXPECT_THAT(sqlite().online_forms("ALTER TABLE t ADD COLUMN a INTEGER"), IsEmpty());
}

TEST_P(MysqlRender, KeepsTheClientFromEndingATriggerAtItsFirstSemicolon) {
  const std::string trigger = GetParam()->render(CreateTrigger{shop().triggers[0]}, {}).front();
  EXPECT_EQ(GetParam()->script_text(trigger), "DELIMITER //\n" + trigger + "//\nDELIMITER ;");
  EXPECT_EQ(GetParam()->script_text("DROP TABLE t"), "DROP TABLE t;");
}

/// The message with which the dialect refuses the change.
std::string refusal(const Dialect& dialect, const Change& change, const Schema& before = shop()) {
  try {
    (void)dialect.render(change, before);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::UnsupportedChange);
    EXPECT_FALSE(error.hint().empty());
    return error.what();
  }
  return "not refused";
}

TEST_P(MysqlRender, RefusesIndexesThatItCannotHave) {
  const auto refused = [&](Index index) {
    return refusal(*GetParam(), CreateIndex{"orders", std::move(index)});
  };
  Index index = index_of("i", {.column = "price"});
  index.include = {"id"};
  EXPECT_THAT(refused(index), HasSubstr("no part of its key"));
  index = index_of("i", {.column = "price"});
  index.method = "hash";
  EXPECT_THAT(refused(index), HasSubstr("InnoDB would make a B-tree"));
  index.method = "gin";
  EXPECT_THAT(refused(index), HasSubstr("the method 'gin'"));
  index.method = "fulltext";
  index.unique = true;
  EXPECT_THAT(refused(index), HasSubstr("cannot be unique"));
  EXPECT_THAT(refused(index_of("i", IndexPart{.column = "price", .collation = "c"})),
              HasSubstr("collation of its own"));
  EXPECT_THAT(refused(index_of("i", IndexPart{.column = "price", .operator_class = "x_ops"})),
              HasSubstr("operator class"));
  EXPECT_THAT(refused(index_of("i", IndexPart{.column = "price", .nulls = NullsOrder::Last})),
              HasSubstr("where NULL is sorted"));
  EXPECT_THAT(refused(index_of(std::string(65, 'i'), {.column = "price"})),
              HasSubstr("more than 64 characters"));
}

TEST(MysqlRefusal, OfAnIndexOnAnExpressionNamesTheGeneratedColumn) {
  const Change change =
      CreateIndex{"orders", index_of("i", IndexPart{.expression = "lower(note)"})};
  EXPECT_THAT(refusal(mariadb(), change), HasSubstr("columns only"));
  EXPECT_EQ(refusal(mysql(), change), "not refused");
}

TEST_P(MysqlRender, RefusesTriggersThatItCannotHave) {
  const auto refused = [&](void (*alter)(Trigger&)) {
    Trigger trigger = shop().triggers[0];
    trigger.name = "other";
    alter(trigger);
    return refusal(*GetParam(), CreateTrigger{trigger});
  };
  EXPECT_THAT(refused([](Trigger& t) { t.events.insert = true; }), HasSubstr("several events"));
  EXPECT_THAT(refused([](Trigger& t) { t.update_of = {"price"}; }), HasSubstr("certain columns"));
  EXPECT_THAT(refused([](Trigger& t) { t.for_each_statement = true; }), HasSubstr("each row only"));
  EXPECT_THAT(refused([](Trigger& t) { t.time = TriggerTime::InsteadOf; }),
              HasSubstr("no triggers on views"));
  EXPECT_THAT(refused([](Trigger& t) { t.name = "MOVED", t.table = "customers"; }),
              HasSubstr("has the name of one of 'orders'"));
}

TEST_P(MysqlRender, RefusesMaterializedViewsAndDeferrableKeys) {
  View view = shop().views[1];
  view.name = "kept";
  view.is_materialized = true;
  EXPECT_THAT(refusal(*GetParam(), CreateView{view}), HasSubstr("materialized"));
  ForeignKey key = shop().find_table("orders")->foreign_keys[0];
  key.deferral = Deferral::InitiallyDeferred;
  EXPECT_THAT(refusal(*GetParam(), AddForeignKey{"orders", key}), HasSubstr("deferrable"));
}

TEST_P(MysqlRender, LooksUpACheckWithoutANameWhereItRuns) {
  Schema before = shop();
  before.find_table("orders")->checks = {Check{.name = "", .expression = "price > 0"}};
  const bool is_mysql = GetParam() == &mysql();
  const auto dropped = rendered(*GetParam(), DropCheck{"orders", "", "price > 0"}, before);
  ASSERT_EQ(dropped.size(), 1U);
  EXPECT_THAT(dropped[0], HasSubstr(is_mysql ? "'ALTER TABLE orders DROP CHECK `', CONSTRAINT_NAME"
                                             : "'ALTER TABLE orders DROP CONSTRAINT `', "
                                               "CONSTRAINT_NAME"));
  EXPECT_THAT(dropped[0], HasSubstr(is_mysql ? "LOCATE('orders_chk_', CONSTRAINT_NAME) = 1"
                                             : "LOCATE('CONSTRAINT_', CONSTRAINT_NAME) = 1"));
  EXPECT_THAT(dropped[0], HasSubstr("WHEN 'price' THEN 'price INTEGER"));
  const auto altered =
      rendered(*GetParam(), AlterColumn{"orders", make_column("price", big_integer())}, before);
  ASSERT_EQ(altered.size(), 1U);
  EXPECT_THAT(altered[0], HasSubstr("MODIFY COLUMN price BIGINT NOT NULL', COALESCE((SELECT "
                                    "CONCAT(' CHECK (', CHECK_CLAUSE, ')')"));
}

TEST(MysqlRefusal, OfACheckWhoseNameIsTakenIsMysqlsOnly) {
  const Change change = AddCheck{"orders", Check{.name = "ck_id", .expression = "id > 1"}};
  EXPECT_THAT(refusal(mysql(), change), HasSubstr("unique in the whole database"));
  EXPECT_EQ(refusal(mariadb(), change), "not refused");
}

TEST_P(MysqlRender, RefusesAPlainColumnInPlaceOfAVirtualOne) {
  Schema before = shop();
  Column& gross = *before.find_table("orders")->find_column("gross");
  gross.generated->is_stored = false;
  Column plain = gross;
  plain.generated.reset();
  EXPECT_THAT(refusal(*GetParam(), AlterColumn{"orders", plain}, before), HasSubstr("is virtual"));
}

TEST(MysqlRefusal, OfARenameUnderAGeneratedColumnIsMysqlsOnly) {
  Schema before = shop();
  before.views.clear();
  before.triggers.clear();
  EXPECT_THAT(refusal(mysql(), RenameColumn{"orders", "price", "cost"}, before),
              HasSubstr("generated column 'gross' reads it"));
}

}  // namespace
}  // namespace parley::dialect
