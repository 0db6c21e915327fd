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

TEST_P(PostgresqlInspect, ReadsTriggersOfOtherFunctionsAndCanMakeThemAgain) {
  execute("CREATE TABLE t (a INTEGER, j jsonb)");
  execute(
      "CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN "
      "RETURN NEW; END $$");
  execute("CREATE SCHEMA elsewhere");
  execute(
      "CREATE FUNCTION elsewhere.audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; "
      "END $$");
  execute(
      "CREATE TRIGGER told BEFORE INSERT ON t FOR EACH ROW WHEN (NEW.j @> '{\"when\": 1}') EXECUTE "
      "FUNCTION audit('it''s', 'execute function x()')");
  execute("CREATE TRIGGER other AFTER DELETE ON t EXECUTE FUNCTION elsewhere.audit()");
  const Schema live = found();
  ASSERT_EQ(live.triggers.size(), 2U);
  EXPECT_EQ(live.triggers[0].body, for_all_engines("EXECUTE FUNCTION elsewhere.audit()"));
  EXPECT_EQ(live.triggers[1].body,
            for_all_engines("EXECUTE FUNCTION audit('it''s', 'execute function x()')"));
  EXPECT_EQ(live.triggers[1].when.size(), 1U);
  for (const Trigger& trigger : live.triggers) {
    Schema before = live;
    const Change drop = DropTrigger{"t", trigger.name};
    for (const std::string& statement : dialect().render(drop, before)) execute(statement);
    schema::apply(before, drop);
    for (const auto& statement : dialect().render(CreateTrigger{trigger}, before)) {
      execute(statement);
    }
  }
  EXPECT_EQ(found(), live);
  EXPECT_EQ(value("SELECT COUNT(*) FROM pg_proc WHERE proname = 'audit'"), "2");
}

TEST_P(PostgresqlInspect, DropsASharedFunctionWithItsLastTrigger) {
  Trigger first;
  first.name = "one";
  first.table = "t";
  first.events.insert = true;
  first.function = "Shared";
  first.body = for_all_engines("BEGIN\n    -- kept; 'as' it is\n    RETURN $$x$$;\nEND");
  Trigger second = first;
  second.name = "two";
  second.time = TriggerTime::Before;
  Table table;
  table.name = "t";
  table.columns = {column("id", integer())};
  apply_all({CreateTable{table}, CreateTrigger{first}, CreateTrigger{second}});
  EXPECT_EQ(found(), expected());
  EXPECT_EQ(found().triggers[0].body, first.body);
  EXPECT_EQ(found().triggers[0].function, "Shared");
  apply(DropTrigger{"t", "one"});
  EXPECT_EQ(found(), expected());
  apply(DropTable{"t"});
  EXPECT_EQ(value("SELECT COUNT(*) FROM pg_proc WHERE proname = 'Shared'"), "0");
}

TEST_P(PostgresqlInspect, TakesATriggerThatOnlyMovesAColumnForItsProperty) {
  execute("CREATE TABLE t (id INTEGER, at timestamp, other timestamp)");
  const auto create = [&](const std::string& name, const std::string& statements) {
    execute("CREATE FUNCTION " + name + "() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " +
            statements + " RETURN NEW; END; $$");
    execute("CREATE TRIGGER " + name + " BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION " + name +
            "()");
  };
  create("trg_t_at", "NEW.at = NOW();");
  create("trg_t_other", "NEW.other = NOW(); NEW.id = 7;");
  const Schema live = found();
  EXPECT_TRUE(live.tables[0].columns[1].on_update_now);
  EXPECT_FALSE(live.tables[0].columns[2].on_update_now);
  ASSERT_EQ(live.triggers.size(), 1U);
  EXPECT_EQ(live.triggers[0].name, "trg_t_other");
}

TEST_P(PostgresqlInspect, KeepsOperatorsAndStringsThatAreItsOwn) {
  execute(
      "CREATE TABLE t (j jsonb, k text, CONSTRAINT c CHECK (j @> '{}' AND k !~* '^a'), CONSTRAINT "
      "d "
      "CHECK (CASE WHEN k = E'a\\nb' THEN j -> 'x' IS DISTINCT FROM '1' ELSE TRUE END))");
  execute("CREATE INDEX i ON t USING gin (j jsonb_path_ops)");
  execute("CREATE INDEX p ON t (k text_pattern_ops) WHERE j ? 'a'");
  execute("CREATE INDEX l ON t (k COLLATE \"C\", (lower(k)) COLLATE \"C\")");
  const Schema live = found();
  EXPECT_EQ(dialect().normalize(live), live);
  const auto& indexes = live.tables[0].indexes;
  EXPECT_EQ(indexes[0].parts[0].operator_class, "jsonb_path_ops");
  EXPECT_EQ(indexes[1].parts[0].collation, "C");
  EXPECT_EQ(indexes[1].parts[1].collation, "C");
  EXPECT_EQ(indexes[2].parts[0].operator_class, "text_pattern_ops");
  EXPECT_EQ(indexes[2].where, "j ? 'a'");
  execute("DROP TABLE t");
  for (const auto& statement : dialect().render(CreateTable{live.tables[0]}, {})) {
    execute(statement);
  }
  EXPECT_EQ(found(), live);
}

TEST_P(PostgresqlInspect, KeepsWhatHangsOnAViewThatIsPutBack) {
  Table table;
  table.name = "t";
  table.columns = {column("id", integer()), nullable_column("name", string(9))};
  View plain{.name = "v", .query = for_all_engines("SELECT id, name FROM t")};
  View kept{.name = "kept",
            .query = for_all_engines("SELECT name FROM v"),
            .columns = {},
            .is_materialized = true};
  apply_all({CreateTable{table}, CreateView{plain}, CreateView{kept}});
  execute("CREATE UNIQUE INDEX kept_name ON kept (name)");
  execute("GRANT SELECT ON v TO PUBLIC");
  execute("ALTER VIEW v SET (security_barrier = true)");
  execute("COMMENT ON VIEW v IS 'it''s a view'");
  const std::string extras =
      "SELECT (SELECT COUNT(*) FROM pg_indexes WHERE indexname = 'kept_name') || relacl::text || "
      "reloptions::text || obj_description(oid) FROM pg_class WHERE relname = 'v'";
  const std::string before = value(extras);
  Column longer = table.columns[1];
  longer.type = text();
  apply(AlterColumn{"t", longer});
  EXPECT_EQ(value(extras), before);
  execute("INSERT INTO t VALUES (1, 'x')");
  EXPECT_EQ(value("SELECT pg_typeof(name) FROM v"), "text");
}

TEST_P(PostgresqlInspect, ReadsSomeTablesAsItReadsAll) {
  execute("CREATE TYPE mood AS ENUM ('a')");
  execute("CREATE TABLE p (id INTEGER PRIMARY KEY, mood mood)");
  execute("CREATE TABLE c (p_id INTEGER REFERENCES p (id), at timestamp, gone INTEGER, x TEXT)");
  execute("ALTER TABLE c DROP COLUMN gone");
  execute("CREATE INDEX i ON c (x)");
  execute("COMMENT ON COLUMN c.x IS 'behind a gap'");
  const Schema all = found();
  EXPECT_EQ(all.tables[0].indexes[0].parts[0].column, "x");
  EXPECT_EQ(all.tables[0].columns[2].comment, "behind a gap");
  EXPECT_EQ(dialect().inspect_tables(connection(), {"c"}).tables, std::vector{all.tables[0]});
  EXPECT_EQ(dialect().inspect_tables(connection(), {"c", "p", "none"}).tables, all.tables);
}

TEST_P(PostgresqlInspect, SaysWhatStandsOutsideTransactions) {
  using dialect::TransactionNeed;
  Schema before;
  before.enums = {{.name = "mood", .values = {"a", "b"}}};
  const auto need = [&](const Change& change) {
    return dialect().transaction_need(change, before);
  };
  const auto alter = [](std::vector<std::string> values) {
    return AlterEnum{{.name = "mood", .values = std::move(values)}, {}, {}};
  };
  EXPECT_EQ(need(alter({"a", "new", "b"})), TransactionNeed::CommitAfter);
  EXPECT_EQ(need(alter({"b", "a"})), TransactionNeed::Inside);
  EXPECT_EQ(need(Execute{.texts = for_all_engines("CREATE INDEX CONCURRENTLY i ON t (a)")}),
            TransactionNeed::Outside);
  EXPECT_EQ(need(Execute{.texts = for_all_engines("SELECT 'vacuum'")}), TransactionNeed::Inside);
}

TEST_P(PostgresqlInspect, TakesAnInvalidIndexForNoneAndForALeftover) {
  execute("CREATE TABLE t (a INTEGER)");
  execute("INSERT INTO t VALUES (1), (1)");
  EXPECT_ANY_THROW(execute("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)"));
  EXPECT_TRUE(found().tables[0].indexes.empty());
  const auto leftovers = dialect().leftovers(connection(), CreateIndex{"t", index_on("i", {"a"})});
  ASSERT_EQ(leftovers.size(), 1U);
  execute(leftovers.front());
  execute("CREATE INDEX i ON t (a)");
  EXPECT_TRUE(dialect().leftovers(connection(), CreateIndex{"t", index_on("i", {"a"})}).empty());
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
