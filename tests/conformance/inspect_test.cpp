// Databases that were not made here: what people and other tools write by hand is read into the
// model, and nothing that the model can say is lost.

#include "conformance/conformance.h"

namespace parley::test {
namespace {

using namespace schema;

class Inspect : public ConformanceTest {};
INSTANTIATE_TEST_SUITE_P(Engines, Inspect, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(Inspect, ReadsTablesAndViewsAndSortsThemByName) {
  execute("CREATE TABLE b (id INTEGER)");
  execute("CREATE TABLE a (id INTEGER)");
  execute("CREATE VIEW w AS SELECT id FROM a");
  execute("CREATE VIEW v AS SELECT id AS other FROM w");
  const Schema schema = found();
  ASSERT_EQ(schema.tables.size(), 2U);
  EXPECT_EQ(schema.tables[0].name, "a");
  EXPECT_EQ(schema.tables[1].name, "b");
  ASSERT_EQ(schema.views.size(), 2U);
  EXPECT_EQ(schema.views[0].name, "v");
  ASSERT_EQ(schema.views[0].query.size(), 1U);
  EXPECT_EQ(schema.views[0].query[0].dialect, "");
  EXPECT_THAT(schema.views[0].query[0].sql, testing::HasSubstr("other"));
  EXPECT_THAT(schema.views[0].query[0].sql, testing::Not(testing::HasSubstr(";")));
}

TEST_P(Inspect, ReadsViewsSoThatTheyCanBeMadeAgain) {
  execute("CREATE TABLE a (id INTEGER, name VARCHAR(9))");
  execute("CREATE VIEW v AS SELECT id, name AS label FROM a WHERE id > 1 OR name = 'it''s'");
  const Schema live = found();
  for (const Change& change : {Change(DropView{"v"}), Change(CreateView{live.views.at(0)})}) {
    for (const std::string& statement : dialect().render(change, live)) execute(statement);
  }
  EXPECT_EQ(found(), live);
}

TEST_P(Inspect, GivesNamesOfTheEnginesOwnBackAsEmpty) {
  execute(
      "CREATE TABLE p (id INTEGER NOT NULL, code VARCHAR(9) NOT NULL, PRIMARY KEY (id), UNIQUE "
      "(code))");
  execute("CREATE TABLE c (p_id INTEGER, CHECK (p_id > 0), FOREIGN KEY (p_id) REFERENCES p (id))");
  const Schema schema = found();
  EXPECT_EQ(schema.tables[1].primary_key->name, "");
  EXPECT_EQ(schema.tables[1].uniques, std::vector{(Unique{.name = "", .columns = {"code"}})});
  ASSERT_EQ(schema.tables[0].foreign_keys.size(), 1U);
  EXPECT_EQ(schema.tables[0].foreign_keys[0].name, "");
  ASSERT_EQ(schema.tables[0].checks.size(), 1U);
  EXPECT_EQ(schema.tables[0].checks[0].name, "");
  EXPECT_TRUE(schema.tables[0].indexes.empty());
}

TEST_P(Inspect, ReadsNothingOfOtherNamespaces) {
  execute("CREATE TABLE here (id INTEGER)");
  connection().use_namespace("parley_elsewhere", database::Connection::Create::IfMissing);
  // SQLite has one namespace for each file, and stays where it is.
  const bool has_moved = found().tables.empty();
  if (has_moved) execute("CREATE TABLE there (id INTEGER)");
  EXPECT_EQ(found().tables.size(), 1U);
  if (has_moved)
    execute("DROP SCHEMA parley_elsewhere" +
            std::string(capabilities().transactional_ddl ? " CASCADE" : ""));
}

TEST_P(Inspect, ReadsGeneratedColumns) {
  execute("CREATE TABLE t (a INTEGER, g INTEGER GENERATED ALWAYS AS (a + 1) STORED)");
  const Schema schema = found();
  const Column* generated = schema.tables[0].find_column("g");
  EXPECT_EQ(generated->type, integer());
  EXPECT_EQ(generated->generated, (Generated{.expression = "a + 1", .is_stored = true}));
  EXPECT_EQ(generated->default_value, std::nullopt);
}

/// Passes everything on and counts what is asked.
class CountingConnection final : public database::Connection {
 public:
  explicit CountingConnection(database::Connection& inner) : inner_(inner) {}
  int queries() const { return queries_; }

  database::Statement& prepare(std::string_view sql) override {
    return ++queries_, inner_.prepare(sql);
  }
  void execute(std::string_view sql) override { ++queries_, inner_.execute(sql); }
  void begin() override { inner_.begin(); }
  void begin_read() override { inner_.begin_read(); }
  void commit() override { inner_.commit(); }
  void rollback() override { inner_.rollback(); }
  bool in_transaction() const override { return inner_.in_transaction(); }
  database::ServerVersion version() const override { return inner_.version(); }
  const database::Url& url() const override { return inner_.url(); }
  std::int64_t last_insert_id() override { return inner_.last_insert_id(); }
  void use_namespace(const std::string& name, Create create) override {
    inner_.use_namespace(name, create);
  }
  bool try_lock(const std::string& name) override { return inner_.try_lock(name); }
  void unlock(const std::string& name) override { inner_.unlock(name); }
  bool is_alive() override { return inner_.is_alive(); }
  bool is_lost() override { return inner_.is_lost(); }

 private:
  database::Connection& inner_;
  int queries_ = 0;
};

TEST_P(Inspect, AsksAsManyQueriesForManyTablesAsForOne) {
  const auto create = [&](const std::string& table) {
    execute("CREATE TABLE " + table +
            " (id INTEGER NOT NULL PRIMARY KEY, parent INTEGER, CHECK (id > 0), " +
            "FOREIGN KEY (parent) REFERENCES " + table + " (id))");
    execute("CREATE INDEX idx_" + table + " ON " + table + " (parent, id)");
    execute("CREATE VIEW v_" + table + " AS SELECT parent FROM " + table);
  };
  create("t0");
  CountingConnection for_one(connection());
  EXPECT_EQ(dialect().inspect(for_one).tables.size(), 1U);
  for (int i = 1; i < 20; ++i) create("t" + std::to_string(i));
  CountingConnection for_many(connection());
  EXPECT_EQ(dialect().inspect(for_many).tables.size(), 20U);
  EXPECT_EQ(for_many.queries(), for_one.queries());
}

class SqliteInspect : public ConformanceTest {};
INSTANTIATE_TEST_SUITE_P(Sqlite, SqliteInspect, testing::Values(TestEngine::Sqlite),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(SqliteInspect, ReadsExpressionIndexesAndCollations) {
  execute(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE, CONSTRAINT ck CHECK "
      "(length(name) > 1))");
  execute("CREATE INDEX i ON t (lower(name), id DESC) WHERE name IS NOT NULL");
  const Table table = found().tables[0];
  EXPECT_FALSE(table.columns[0].nullable);
  EXPECT_EQ(table.columns[1].collation, "nocase");
  EXPECT_EQ(table.indexes, std::vector{(Index{.name = "i",
                                              .parts = {{.column = "", .expression = "lower(name)"},
                                                        {.column = "id", .descending = true}},
                                              .unique = false,
                                              .where = "name IS NOT NULL"})});
}

TEST_P(SqliteInspect, IgnoresVirtualTablesAndTheirShadows) {
  execute("CREATE VIRTUAL TABLE search USING fts5(body)");
  execute("CREATE TABLE t (id INTEGER)");
  EXPECT_EQ(found().tables.size(), 1U);
}

TEST_P(SqliteInspect, RebuildKeepsTriggersOfTheUsersOwn) {
  Table table;
  table.name = "t";
  table.columns = {column("id", integer()), nullable_column("n", integer())};
  table.primary_key = PrimaryKey{.name = "", .columns = {"id"}};
  apply(CreateTable{table});
  execute("CREATE TABLE log (n INTEGER)");
  execute("CREATE VIEW v AS SELECT n FROM t");
  execute("CREATE TRIGGER own AFTER INSERT ON t BEGIN INSERT INTO log VALUES (NEW.n); END");
  Column wider = table.columns[1];
  wider.type = big_integer();
  apply(AlterColumn{"t", wider});
  execute("INSERT INTO t VALUES (1, 7)");
  EXPECT_EQ(value("SELECT n FROM log"), "7");
  EXPECT_EQ(value("SELECT n FROM v"), "7");
}

class PostgresqlInspect : public ConformanceTest {};
INSTANTIATE_TEST_SUITE_P(Postgresql, PostgresqlInspect, testing::Values(TestEngine::Postgresql),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(PostgresqlInspect, ReadsSerialAsCountingUpAndCanEndIt) {
  execute("CREATE TABLE t (id SERIAL PRIMARY KEY)");
  const Schema live = found();
  EXPECT_TRUE(live.tables[0].columns[0].auto_increment);
  EXPECT_EQ(live.tables[0].columns[0].default_value, std::nullopt);
  Column plain = live.tables[0].columns[0];
  plain.auto_increment = false;
  for (const std::string& statement : dialect().render(AlterColumn{"t", plain}, live))
    execute(statement);
  EXPECT_FALSE(found().tables[0].columns[0].auto_increment);
}

TEST_P(PostgresqlInspect, KeepsWhatTheModelHasNoWordFor) {
  execute(
      "CREATE TABLE t (a inet DEFAULT '127.0.0.1', j json, k text COLLATE \"C\", CONSTRAINT u "
      "UNIQUE (k))");
  execute("CREATE INDEX i ON t (lower(k), a DESC) WHERE k <> ''");
  execute("COMMENT ON COLUMN t.a IS 'address'");
  const Table table = found().tables[0];
  EXPECT_EQ(table.columns[0].type, native("inet"));
  EXPECT_EQ(table.columns[0].comment, "address");
  EXPECT_EQ(table.columns[1].type, native("json"));
  EXPECT_EQ(table.columns[2].collation, "C");
  EXPECT_EQ(table.uniques[0].name, "u");
  EXPECT_EQ(table.indexes[0].parts[0].expression, "lower(k)");
  EXPECT_EQ(table.indexes[0].where, "k <> ''");
}

TEST_P(PostgresqlInspect, DropsTheFunctionOfTheTriggerToo) {
  Table table;
  table.name = "t";
  table.columns = {column("id", integer()), column("updated_at", datetime())};
  table.columns[1].on_update_now = true;
  apply(CreateTable{table});
  apply(RenameTable{"t", "u"});
  apply(RenameColumn{"u", "updated_at", "moved_at"});
  EXPECT_EQ(found(), expected());
  apply(DropTable{"u"});
  EXPECT_EQ(value("SELECT COUNT(*) FROM pg_proc WHERE proname LIKE 'trg_%'"), "0");
}

class MariadbInspect : public ConformanceTest {};
INSTANTIATE_TEST_SUITE_P(Mariadb, MariadbInspect, testing::Values(TestEngine::Mariadb),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(MariadbInspect, KeepsWhatTheModelHasNoWordFor) {
  execute(
      "CREATE TABLE t (e ENUM('A','b c') NOT NULL DEFAULT 'A', u INT UNSIGNED, body TEXT, m "
      "MEDIUMTEXT, "
      "ts TIMESTAMP NULL, x UUID, KEY pre (body(20)), b VARCHAR(9) COLLATE utf8mb4_bin) "
      "DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_general_ci COMMENT 'hey'");
  const Schema schema = found();
  const Table& table = schema.tables[0];
  EXPECT_EQ(table.comment, "hey");
  EXPECT_EQ(table.columns[0].type, native("enum('A','b c')"));
  EXPECT_EQ(table.columns[0].default_value, Default("A"));
  EXPECT_EQ(table.columns[1].type, native("int unsigned"));
  EXPECT_EQ(table.columns[3].type, native("mediumtext"));
  EXPECT_EQ(table.find_column("b")->collation, "utf8mb4_bin");
  EXPECT_EQ(table.indexes[0].parts[0].column, "body");
  EXPECT_EQ(table.indexes[0].parts[0].prefix_length, 20);
}

}  // namespace
}  // namespace parley::test
