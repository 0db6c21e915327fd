#include "store/query.h"

#include <gmock/gmock.h>

#include "base/clock.h"
#include "database/transaction.h"
#include "dialect/dialect.h"
#include "store/tables.h"
#include "support/create_table.h"
#include "support/databases.h"
#include "support/errors.h"

namespace parley::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

// Its table and most of its columns have names that are reserved words of SQL.
struct OrderRow {
  std::int64_t id = 0;
  std::string select;
  std::optional<std::string> group;
  std::optional<std::int64_t> count;
  bool is_open = false;
  Timestamp at{};
  std::optional<Timestamp> read_at;
  std::optional<Json> document;
  bool operator==(const OrderRow&) const = default;
};

struct TagRow {
  std::string name;
  bool operator==(const TagRow&) const = default;
};

}  // namespace
}  // namespace parley::store

template <>
inline constexpr auto parley::schema::declaration<parley::store::OrderRow> =
    parley::schema::table<parley::store::OrderRow>(
        "order",
        columns(column<&store::OrderRow::id>("id", word::integer()).primary_key().auto_increment(),
                column<&store::OrderRow::select>("select", word::string(60)),
                nullable<&store::OrderRow::group>("group", word::string(60)),
                nullable<&store::OrderRow::count>("count", word::integer()).default_to(0),
                column<&store::OrderRow::is_open>("is_open", word::boolean()),
                column<&store::OrderRow::at>("at", word::datetime()),
                nullable<&store::OrderRow::read_at>("read_at", word::datetime()),
                nullable<&store::OrderRow::document>("document", word::json())));

template <>
inline constexpr auto parley::schema::declaration<parley::store::TagRow> =
    parley::schema::table<parley::store::TagRow>(
        "tags", columns(column<&store::TagRow::name>("name", word::string(60)).primary_key()));

namespace parley::store {
namespace {

template <class Row, class Given>
concept Narrows = requires(Given given) { select<Row>().where(given); };
template <auto Member>
concept HasEquals = requires(PlainOf<Member> value) { equals<Member>(value); };
template <auto Member>
concept HasIsNull = requires { is_null<Member>(); };
static_assert(Narrows<OrderRow, Condition<OrderRow>>);
static_assert(!Narrows<OrderRow, Condition<TagRow>>, "a condition belongs to one table");
static_assert(HasEquals<&OrderRow::count> && !HasEquals<&OrderRow::document>, "JSON has no =");
static_assert(HasIsNull<&OrderRow::count> && !HasIsNull<&OrderRow::id>, "a key is never NULL");

Timestamp at(std::string_view text) { return parse_timestamp(text).value(); }

OrderRow order(std::string name) {
  return {.select = std::move(name), .at = at("2025-01-31 09:30:00")};
}

class Query : public testing::TestWithParam<test::TestEngine> {
 protected:
  Query() {
    test::create_table<OrderRow>(*connection);
    test::create_table<TagRow>(*connection);
  }

  /// Inserts the row and gives it its id.
  OrderRow add(OrderRow row) {
    row.id = insert(*connection, row);
    return row;
  }
  OrderRow add(std::string name, std::optional<std::string> group,
               std::optional<std::int64_t> count) {
    OrderRow row = order(std::move(name));
    row.group = std::move(group);
    row.count = count;
    return add(row);
  }
  /// The names of the rows for which the condition holds, in the order of insertion.
  std::vector<std::string> names(const Condition<OrderRow>& condition) {
    return names(select<OrderRow>().where(condition).order_by<&OrderRow::id>());
  }
  std::vector<std::string> names(const Selection<OrderRow>& selection) {
    std::vector<std::string> found;
    for (const OrderRow& row : selection.all(*connection)) found.push_back(row.select);
    return found;
  }
  OrderRow reread(const OrderRow& row) {
    return select<OrderRow>().where(equals<&OrderRow::id>(row.id)).first(*connection).value();
  }

  test::TestDatabase database{GetParam()};
  std::unique_ptr<database::Connection> connection = database.connect();
};

INSTANTIATE_TEST_SUITE_P(Engines, Query, testing::ValuesIn(test::all_engines()),
                         test::engine_name<testing::TestParamInfo<test::TestEngine>>);

TEST_P(Query, RowComesBackAsItWasInserted) {
  OrderRow row = order("full");
  row.group = "g";
  row.count = -7;
  row.is_open = true;
  row.read_at = at("2024-02-29 23:59:59");
  row.document = parse_json(R"({"a": [1, "ü", null]})");
  row = add(row);
  EXPECT_EQ(reread(row), row);
}

TEST_P(Query, NullsComeBackAsNothing) {
  const OrderRow row = add(order("empty"));
  EXPECT_EQ(reread(row), row);
}

TEST_P(Query, QuotesAndForeignLettersAreOnlyValues) {
  for (const std::string text :
       {"it's", R"("; DROP TABLE "order"; --)", "back\\slash", "?", "%_", "Größe 日本語 🙂", ""}) {
    const OrderRow row = add(order(text));
    EXPECT_EQ(reread(row).select, text);
    EXPECT_EQ(count(*connection, equals<&OrderRow::select>(text)), 1) << text;
  }
}

TEST_P(Query, InsertReturnsGrowingIdsAndIgnoresTheGivenOne) {
  OrderRow row = order("a");
  row.id = 77;
  const std::int64_t first = insert(*connection, row);
  const std::int64_t second = insert(*connection, row);
  EXPECT_NE(first, 77);
  EXPECT_GT(second, first);
}

TEST_P(Query, InsertWithoutGeneratedColumnReturnsZero) {
  EXPECT_EQ(insert(*connection, TagRow{"red"}), 0);
  EXPECT_THAT(select<TagRow>().all(*connection), ElementsAre(TagRow{"red"}));
}

TEST_P(Query, InsertPassesOnTheClassifiedError) {
  insert(*connection, TagRow{"red"});
  EXPECT_EQ(test::code_of([&] { insert(*connection, TagRow{"red"}); }), ErrorCode::UniqueViolation);
}

TEST_P(Query, InsertManyKeepsEveryRowOnceInOrder) {
  // 683 = 512 + 128 + 32 + 8 + 2 + 1: every size of statement takes part.
  std::vector<OrderRow> rows;
  for (int i = 0; i < 683; ++i) rows.push_back(order("name " + std::to_string(i)));
  insert_many(*connection, rows);
  std::vector<OrderRow> found = select<OrderRow>().order_by<&OrderRow::id>().all(*connection);
  for (OrderRow& row : found) row.id = 0;
  EXPECT_EQ(found, rows);
}

TEST_P(Query, InsertManyOfNothingDoesNothing) {
  insert_many(*connection, std::vector<OrderRow>());
  EXPECT_EQ(count<OrderRow>(*connection), 0);
}

TEST_P(Query, ComparisonsLeaveOutNulls) {
  add("one", "g", 1);
  add("two", "g", 2);
  add("three", "g", 3);
  add("none", "g", std::nullopt);
  EXPECT_THAT(names(equals<&OrderRow::count>(2)), ElementsAre("two"));
  EXPECT_THAT(names(not_equals<&OrderRow::count>(2)), ElementsAre("one", "three"));
  EXPECT_THAT(names(less<&OrderRow::count>(2)), ElementsAre("one"));
  EXPECT_THAT(names(less_or_equal<&OrderRow::count>(2)), ElementsAre("one", "two"));
  EXPECT_THAT(names(greater<&OrderRow::count>(2)), ElementsAre("three"));
  EXPECT_THAT(names(greater_or_equal<&OrderRow::count>(2)), ElementsAre("two", "three"));
  EXPECT_THAT(names(is_null<&OrderRow::count>()), ElementsAre("none"));
  EXPECT_THAT(names(is_not_null<&OrderRow::count>()), ElementsAre("one", "two", "three"));
}

TEST_P(Query, ComparesTruthAndTime) {
  OrderRow row = order("open");
  row.is_open = true;
  add(row);
  row = order("late");
  row.at = at("2025-01-31 09:30:01");
  add(row);
  EXPECT_THAT(names(equals<&OrderRow::is_open>(true)), ElementsAre("open"));
  EXPECT_THAT(names(greater<&OrderRow::at>(at("2025-01-31T09:30:00Z"))), ElementsAre("late"));
  EXPECT_THAT(names(equals<&OrderRow::at>(at("2025-01-31T10:30:01+01:00"))), ElementsAre("late"));
}

TEST_P(Query, OneOfFindsTheListedValues) {
  for (const char* name : {"a", "b", "c", "d"}) add(order(name));
  EXPECT_THAT(names(one_of<&OrderRow::select>({"a", "c", "d"})), ElementsAre("a", "c", "d"));
  EXPECT_THAT(names(one_of<&OrderRow::select>({"b"})), ElementsAre("b"));
  EXPECT_THAT(names(one_of<&OrderRow::select>({})), IsEmpty());
}

TEST_P(Query, ConditionsCombineAsGrouped) {
  add("a", "x", 1);
  add("b", "x", 2);
  add("c", "y", 1);
  const auto in_x = equals<&OrderRow::group>("x");
  const auto in_y = equals<&OrderRow::group>("y");
  const auto is_two = equals<&OrderRow::count>(2);
  EXPECT_THAT(names(all_of(in_x, is_two)), ElementsAre("b"));
  EXPECT_THAT(names(any_of(in_y, is_two)), ElementsAre("b", "c"));
  EXPECT_THAT(names(all_of(any_of(in_x, in_y), negation(is_two))), ElementsAre("a", "c"));
  EXPECT_THAT(names(negation(any_of(in_y, is_two))), ElementsAre("a"));
}

TEST_P(Query, EmptyConditionsHoldForAllOrNone) {
  add(order("a"));
  const Condition<OrderRow> all;
  const std::vector<Condition<OrderRow>> no_conditions;
  EXPECT_THAT(names(all), ElementsAre("a"));
  EXPECT_THAT(names(all_of(no_conditions)), ElementsAre("a"));
  EXPECT_THAT(names(any_of(no_conditions)), IsEmpty());
  EXPECT_THAT(names(any_of(equals<&OrderRow::select>("b"), all)), ElementsAre("a"));
  EXPECT_THAT(names(negation(all)), IsEmpty());
}

TEST_P(Query, SecondWhereNarrowsTheFirst) {
  add("a", "x", 1);
  add("b", "x", 2);
  add("c", "y", 1);
  EXPECT_THAT(names(select<OrderRow>()
                        .where(any_of(equals<&OrderRow::group>("x"), equals<&OrderRow::group>("y")))
                        .where(equals<&OrderRow::count>(2))),
              ElementsAre("b"));
}

TEST_P(Query, OrdersByColumnsInTheirSequence) {
  add("a", "x", 1);
  add("b", "y", 2);
  add("c", "x", 2);
  EXPECT_THAT(names(select<OrderRow>()
                        .order_by<&OrderRow::group>(Order::Descending)
                        .order_by<&OrderRow::count>(Order::Descending)),
              ElementsAre("b", "c", "a"));
}

TEST_P(Query, PutsNullsLastInEitherOrder) {
  add("none", "g", std::nullopt);
  add("one", "g", 1);
  add("two", "g", 2);
  EXPECT_THAT(names(select<OrderRow>().order_by_nulls_last<&OrderRow::count>()),
              ElementsAre("one", "two", "none"));
  EXPECT_THAT(names(select<OrderRow>().order_by_nulls_last<&OrderRow::count>(Order::Descending)),
              ElementsAre("two", "one", "none"));
}

TEST_P(Query, LimitAndOffsetCutAPage) {
  for (const char* name : {"a", "b", "c", "d"}) add(order(name));
  const auto ordered = [] { return select<OrderRow>().order_by<&OrderRow::id>(); };
  EXPECT_THAT(names(ordered().limit(2)), ElementsAre("a", "b"));
  EXPECT_THAT(names(ordered().limit(2).offset(1)), ElementsAre("b", "c"));
  EXPECT_THAT(names(ordered().offset(3)), ElementsAre("d"));
  EXPECT_THAT(names(ordered().limit(0)), IsEmpty());
}

TEST_P(Query, FirstTakesTheOrderIntoAccount) {
  add(order("a"));
  add(order("b"));
  EXPECT_EQ(
      select<OrderRow>().order_by<&OrderRow::id>(Order::Descending).first(*connection)->select,
      "b");
  EXPECT_FALSE(select<OrderRow>().where(equals<&OrderRow::select>("c")).first(*connection));
}

TEST_P(Query, CountAndExistsAgreeWithTheCondition) {
  add("a", "x", 1);
  add("b", "x", 2);
  EXPECT_EQ(count<OrderRow>(*connection), 2);
  EXPECT_EQ(count(*connection, equals<&OrderRow::count>(1)), 1);
  EXPECT_TRUE(exists(*connection, equals<&OrderRow::count>(1)));
  EXPECT_FALSE(exists(*connection, equals<&OrderRow::count>(9)));
}

TEST_P(Query, CountsEachGroup) {
  add("a", "x", 1);
  add("b", "y", 1);
  add("c", "x", 1);
  add("d", "x", 2);
  EXPECT_THAT(count_by<&OrderRow::group>(*connection), ElementsAre(Pair("x", 3), Pair("y", 1)));
  EXPECT_THAT(count_by<&OrderRow::group>(*connection, equals<&OrderRow::count>(1)),
              ElementsAre(Pair("x", 2), Pair("y", 1)));
  EXPECT_THAT(count_by<&OrderRow::is_open>(*connection), ElementsAre(Pair(false, 4)));
}

TEST_P(Query, FindsTheGreatestAndTheLeast) {
  EXPECT_FALSE(store::max<&OrderRow::count>(*connection));
  add("a", "x", 1);
  add("b", "x", 5);
  add("c", "y", std::nullopt);
  EXPECT_EQ(store::max<&OrderRow::count>(*connection), 5);
  EXPECT_EQ(store::min<&OrderRow::count>(*connection), 1);
  EXPECT_FALSE(store::max<&OrderRow::count>(*connection, equals<&OrderRow::group>("y")));
  EXPECT_EQ(store::max<&OrderRow::at>(*connection), at("2025-01-31 09:30:00"));
}

TEST_P(Query, FindsTheLastRowOfEachGroup) {
  add("a", "x", 1);
  const OrderRow last_x = add("b", "x", 3);
  const OrderRow last_y = add("c", "y", std::nullopt);
  EXPECT_THAT((max_by<&OrderRow::group, &OrderRow::id>(*connection)),
              ElementsAre(Pair("x", last_x.id), Pair("y", last_y.id)));
  EXPECT_THAT((max_by<&OrderRow::group, &OrderRow::count>(*connection)),
              ElementsAre(Pair("x", 3), Pair("y", std::nullopt)));
}

TEST_P(Query, UpdateChangesOnlyWhatItNames) {
  OrderRow a = add("a", "x", 1);
  const OrderRow b = add("b", "x", 1);
  EXPECT_EQ(update(*connection, equals<&OrderRow::id>(a.id), set<&OrderRow::group>("z"),
                   set<&OrderRow::is_open>(true), set<&OrderRow::count>(std::nullopt)),
            1);
  a.group = "z";
  a.is_open = true;
  a.count.reset();
  EXPECT_EQ(reread(a), a);
  EXPECT_EQ(reread(b), b);
}

TEST_P(Query, UpdateCountsRowsThatAlreadyHaveTheValue) {
  add("a", "x", 1);
  add("b", "y", 1);
  EXPECT_EQ(update(*connection, equals<&OrderRow::count>(1), set<&OrderRow::group>("x")), 2);
  EXPECT_EQ(update(*connection, equals<&OrderRow::count>(9), set<&OrderRow::group>("x")), 0);
}

TEST_P(Query, UpdateTakesCollectedAssignments) {
  const OrderRow row = add("a", "x", 1);
  std::vector<Assignment<OrderRow>> changes;
  changes.push_back(set<&OrderRow::select>("b"));
  changes.push_back(increment<&OrderRow::count>());
  update(*connection, equals<&OrderRow::id>(row.id), changes);
  EXPECT_EQ(reread(row).select, "b");
  EXPECT_EQ(reread(row).count, 2);
}

TEST_P(Query, IncrementCountsFromZeroWhereNull) {
  const OrderRow some = add("some", "x", 5);
  const OrderRow none = add("none", "x", std::nullopt);
  update(*connection, Condition<OrderRow>(), increment<&OrderRow::count>(-2));
  EXPECT_EQ(reread(some).count, 3);
  EXPECT_EQ(reread(none).count, -2);
}

TEST_P(Query, SetIfNullKeepsTheFirstValue) {
  const OrderRow row = add(order("a"));
  const Timestamp first = at("2025-02-01 00:00:00");
  for (const Timestamp time : {first, at("2025-02-02 00:00:00")}) {
    update(*connection, equals<&OrderRow::id>(row.id), set_if_null<&OrderRow::read_at>(time));
    EXPECT_EQ(reread(row).read_at, first);
  }
}

TEST_P(Query, EraseTakesTheRowsOfTheConditionOnly) {
  add("a", "x", 1);
  add("b", "x", 2);
  add("c", "y", 1);
  EXPECT_EQ(erase(*connection, equals<&OrderRow::group>("x")), 2);
  EXPECT_THAT(names(Condition<OrderRow>()), ElementsAre("c"));
  EXPECT_EQ(erase(*connection, Condition<OrderRow>()), 1);
}

TEST_P(Query, ReadsDoNotHoldTheTransaction) {
  add(order("a"));
  add(order("b"));
  database::Transaction transaction(*connection);
  EXPECT_TRUE(select<OrderRow>().first(*connection));
  EXPECT_TRUE(exists(*connection, equals<&OrderRow::select>("a")));
  add(order("c"));
  transaction.commit();
  EXPECT_EQ(count<OrderRow>(*database.connect()), 3);
}

TEST_P(Query, InsertEachReturnsTheIdOfEachRowInOrder) {
  std::vector<OrderRow> rows;
  for (int i = 0; i < 300; ++i) rows.push_back(order(std::to_string(i)));
  const database::Transaction transaction(*connection);
  const std::vector<std::int64_t> ids = insert_each(*connection, rows);
  ASSERT_EQ(ids.size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].id = ids[i];
    EXPECT_EQ(reread(rows[i]), rows[i]);
  }
}

TEST_P(Query, UpdateEachGivesEveryRowItsOwnValuesInTheNamedColumnsOnly) {
  std::vector<OrderRow> rows;
  for (int i = 0; i < 5; ++i) {
    OrderRow row = order("before");
    row.document = Json{{"n", i}};
    rows.push_back(add(row));
  }
  const OrderRow other = add("other", "g", 1);
  const database::Transaction transaction(*connection);
  std::vector<OrderRow> wanted = select<OrderRow>()
                                     .where(equals<&OrderRow::select>("before"))
                                     .order_by<&OrderRow::id>()
                                     .for_update()
                                     .all(*connection);
  ASSERT_EQ(wanted, rows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].count = wanted[i].count = static_cast<std::int64_t>(i) * 10;
    rows[i].read_at = wanted[i].read_at = at("2025-02-01 00:00:00");
    wanted[i].select = "not named";
  }
  update_each<&OrderRow::id, &OrderRow::count, &OrderRow::read_at>(*connection, wanted);
  for (const OrderRow& row : rows) EXPECT_EQ(reread(row), row);
  EXPECT_EQ(reread(other), other);
}

TEST_P(Query, RowsWrittenTogetherKeepEveryLetterAndNull) {
  std::vector<OrderRow> rows;
  for (const char* text : {"", "NULL", "null", "{a,b}", "a,b", "\"quoted\"", "back\\slash", "\\\"",
                           " spaces ", "'; DROP TABLE tags; --", "Grüße 世界", "line\nline", "?"}) {
    OrderRow row = order(text);
    if (rows.size() % 2 == 0) row.group = text;
    if (rows.size() % 3 == 0) row.count = -7;
    row.is_open = rows.size() % 2 == 0;
    row.document = Json{{"text", text}};
    rows.push_back(row);
  }
  const database::Transaction transaction(*connection);
  const std::vector<std::int64_t> ids = insert_each(*connection, rows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].id = ids[i];
    EXPECT_EQ(reread(rows[i]), rows[i]);
  }
  for (std::size_t i = 0; i < rows.size() / 2; ++i)
    std::swap(rows[i].select, rows[rows.size() - 1 - i].select);
  update_each<&OrderRow::id, &OrderRow::select>(*connection, rows);
  for (const OrderRow& row : rows) EXPECT_EQ(reread(row), row);
}

TEST_P(Query, RowsWrittenTogetherAreRefusedForOneThatDoesNotFit) {
  const std::string too_long(61, 'x');
  if (dialect::dialect_of(*connection).capabilities().one_writer)
    GTEST_SKIP() << "SQLite takes a text of any length";
  const std::vector<OrderRow> rows{order("fits"), order(too_long)};
  EXPECT_EQ(test::code_of([&] { insert_many(*connection, rows); }), ErrorCode::ValueTooLong);
}

TEST_P(Query, OneOfFindsEveryLetterAndEveryType) {
  const std::vector<std::string> texts{"a", "b,c", "{d}", "\"e\"", "\\f", "NULL", ""};
  for (const std::string& text : texts) add(order(text));
  EXPECT_EQ(names(one_of<&OrderRow::select>(texts)), texts);
  EXPECT_THAT(names(negation(one_of<&OrderRow::select>(texts))), IsEmpty());
  EXPECT_THAT(names(one_of<&OrderRow::select>({"b,c", "none"})), ElementsAre("b,c"));
  EXPECT_EQ(names(one_of<&OrderRow::at>({at("2025-01-31 09:30:00")})).size(), texts.size());
  EXPECT_EQ(names(one_of<&OrderRow::is_open>({false})).size(), texts.size());
  EXPECT_EQ(names(one_of<&OrderRow::id>({1, 2, 3})).size(), 3U);
}

TEST_P(Query, AdvanceReturnsWhatTheRowHasThen) {
  test::create_table<EventLogRow>(*connection);
  insert(*connection, EventLogRow{.id = 1, .epoch = "e", .last_offset = 40});
  const database::Transaction transaction(*connection);
  const auto the_first = equals<&EventLogRow::id>(1);
  EXPECT_EQ(advance<&EventLogRow::last_offset>(*connection, the_first, 2), 42);
  EXPECT_EQ(advance<&EventLogRow::last_offset>(*connection, the_first, 1), 43);
  EXPECT_EQ(advance<&EventLogRow::last_offset>(*connection, equals<&EventLogRow::id>(2), 1),
            std::nullopt);
}

}  // namespace
}  // namespace parley::store
