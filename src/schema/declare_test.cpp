#include "schema/declare.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace parley::test {

struct Conversation {
  std::string id;
  std::string tenant_domain;
  std::optional<std::string> user_name;
  std::optional<std::int64_t> assigned_agent_id;
  std::optional<std::string> status;
  Timestamp created_at{};
  Timestamp updated_at{};
  std::optional<Timestamp> last_message_at;
  std::optional<std::int64_t> unread_count;
  std::optional<Json> metadata;
  std::string secret;
  double score = 0;
};

struct Entry {
  std::int64_t id = 0;
  std::string conversation_id;
  std::string body;
  Timestamp created_at{};
  std::optional<bool> is_read;
  std::optional<Json> entry_metadata;
};

}  // namespace parley::test

template <>
inline constexpr auto parley::schema::declaration<parley::test::Conversation> =
    parley::schema::table<parley::test::Conversation>(
        "conversations",
        columns(
            column<&test::Conversation::id>("id", word::string(36))
                .primary_key()
                .wire("session_id"),
            column<&test::Conversation::tenant_domain>("tenant_domain", word::string(255)),
            nullable<&test::Conversation::user_name>("user_name", word::string(255)),
            nullable<&test::Conversation::assigned_agent_id>("assigned_agent_id", word::integer()),
            nullable<&test::Conversation::status>("status", word::string(20)).default_to("pending"),
            column<&test::Conversation::created_at>("created_at", word::datetime()).default_to(now),
            column<&test::Conversation::updated_at>("updated_at", word::datetime())
                .default_to(now)
                .on_update_now(),
            nullable<&test::Conversation::last_message_at>("last_message_at", word::datetime()),
            nullable<&test::Conversation::unread_count>("unread_count", word::integer())
                .default_to(0),
            nullable<&test::Conversation::metadata>("metadata", word::json()),
            column<&test::Conversation::secret>("secret", word::string(64)).unique().off_wire(),
            column<&test::Conversation::score>("score", word::double_number())),
        index<&test::Conversation::tenant_domain>("idx_tenant_domain"),
        index<&test::Conversation::status, &test::Conversation::created_at>("idx_status_created"));

template <>
inline constexpr auto parley::schema::declaration<parley::test::Entry> =
    parley::schema::table<parley::test::Entry>(
        "entries",
        columns(column<&test::Entry::id>("id", word::integer())
                    .primary_key()
                    .auto_increment()
                    .wire("message_id"),
                column<&test::Entry::conversation_id>("conversation_id", word::string(36)),
                column<&test::Entry::body>("body", word::text()),
                column<&test::Entry::created_at>("created_at", word::datetime_with_time_zone())
                    .default_to(now),
                nullable<&test::Entry::is_read>("is_read", word::boolean()).default_to(false),
                nullable<&test::Entry::entry_metadata>("entry_metadata", word::json())
                    .wire("metadata")),
        foreign_key<&test::Entry::conversation_id, &test::Conversation::id>().on_delete(
            ReferenceAction::Cascade),
        unique_index<&test::Entry::conversation_id, &test::Entry::id>("idx_conversation"));

namespace parley::test {
struct Task {
  std::string owner;
  std::int64_t position = 0;
  Timestamp due_at{};
  double delay = 0;
  std::optional<Json> context;
  std::optional<std::string> parent;
};
}  // namespace parley::test

template <>
inline constexpr auto parley::schema::declaration<parley::test::Task> = [] {
  using Row = parley::test::Task;
  return table<Row>("tasks",
                    columns(column<&Row::owner>("owner", word::text(200)).primary_key(),
                            column<&Row::position>("position", word::integer()),
                            column<&Row::due_at>("due_at", word::instant()),
                            column<&Row::delay>("delay", word::double_number()).default_to("0.0"),
                            nullable<&Row::context>("context", word::json()).default_to("{}"),
                            nullable<&Row::parent>("parent", word::text(200))),
                    unique_key<&Row::owner, &Row::position>("uq_place"),
                    foreign_key<&Row::parent, &Row::owner>(),
                    index<&Row::position, &Row::due_at>("idx_due").descending<&Row::due_at>());
}();

namespace parley::schema {
namespace {

using test::Conversation;
using test::Entry;

constexpr Timestamp kNoon = std::chrono::sys_days(std::chrono::year(2025) / 1 / 31) +
                            std::chrono::hours(12) + std::chrono::microseconds(250);

Conversation full_conversation() {
  return {.id = "c-1",
          .tenant_domain = "shop.example",
          .user_name = "Ana",
          .assigned_agent_id = 7,
          .status = "active",
          .created_at = kNoon,
          .updated_at = kNoon,
          .last_message_at = kNoon,
          .unread_count = 3,
          .metadata = Json{{"a", 1}},
          .secret = "s",
          .score = 0.5};
}

TEST(Declaration, GivesTheTableThatOneWouldWriteByHand) {
  const Default now_default = CurrentTimestamp{};
  const Table expected{
      .name = "conversations",
      .columns = {{.name = "id", .type = string(36)},
                  {.name = "tenant_domain", .type = string(255)},
                  {.name = "user_name", .type = string(255), .nullable = true},
                  {.name = "assigned_agent_id", .type = integer(), .nullable = true},
                  {.name = "status",
                   .type = string(20),
                   .nullable = true,
                   .default_value = std::string("pending")},
                  {.name = "created_at", .type = datetime(), .default_value = now_default},
                  {.name = "updated_at",
                   .type = datetime(),
                   .default_value = now_default,
                   .on_update_now = true},
                  {.name = "last_message_at", .type = datetime(), .nullable = true},
                  {.name = "unread_count",
                   .type = integer(),
                   .nullable = true,
                   .default_value = Number{"0"}},
                  {.name = "metadata", .type = json(), .nullable = true},
                  {.name = "secret", .type = string(64)},
                  {.name = "score", .type = double_number()}},
      .primary_key = PrimaryKey{.columns = {"id"}},
      .uniques = {{.columns = {"secret"}}},
      .indexes = {{.name = "idx_tenant_domain", .parts = {{.column = "tenant_domain"}}},
                  {.name = "idx_status_created",
                   .parts = {{.column = "status"}, {.column = "created_at"}}}}};
  EXPECT_EQ(to_table<Conversation>(), expected);
}

TEST(Declaration, GivesForeignKeysAutoIncrementAndZones) {
  const Table expected{
      .name = "entries",
      .columns = {{.name = "id", .type = integer(), .auto_increment = true},
                  {.name = "conversation_id", .type = string(36)},
                  {.name = "body", .type = text()},
                  {.name = "created_at",
                   .type = datetime_with_time_zone(),
                   .default_value = CurrentTimestamp{}},
                  {.name = "is_read", .type = boolean(), .nullable = true, .default_value = false},
                  {.name = "entry_metadata", .type = json(), .nullable = true}},
      .primary_key = PrimaryKey{.columns = {"id"}},
      .foreign_keys = {{.columns = {"conversation_id"},
                        .referenced_table = "conversations",
                        .referenced_columns = {"id"},
                        .on_delete = ReferenceAction::Cascade}},
      .indexes = {{.name = "idx_conversation",
                   .parts = {{.column = "conversation_id"}, {.column = "id"}},
                   .unique = true}}};
  EXPECT_EQ(to_table<Entry>(), expected);
}

TEST(Declaration, GivesKeysOfSeveralColumnsDescendingPartsAndDefaultsOfEveryKind) {
  Type moment = datetime_with_time_zone();
  moment.precision = 6;
  Type short_text = text();
  short_text.length = 200;
  const Table expected{
      .name = "tasks",
      .columns = {{.name = "owner", .type = short_text},
                  {.name = "position", .type = integer()},
                  {.name = "due_at", .type = moment},
                  {.name = "delay", .type = double_number(), .default_value = Number{"0.0"}},
                  {.name = "context",
                   .type = json(),
                   .nullable = true,
                   .default_value = std::string("{}")},
                  {.name = "parent", .type = short_text, .nullable = true}},
      .primary_key = PrimaryKey{.columns = {"owner"}},
      .uniques = {{.name = "uq_place", .columns = {"owner", "position"}}},
      .foreign_keys = {{.columns = {"parent"},
                        .referenced_table = "tasks",
                        .referenced_columns = {"owner"}}},
      .indexes = {{.name = "idx_due",
                   .parts = {{.column = "position"}, {.column = "due_at", .descending = true}}}}};
  EXPECT_EQ(to_table<test::Task>(), expected);
}

TEST(Declaration, ANullLeavesAsTheJsonOfItsDefault) {
  const test::Task task{.owner = "o"};
  EXPECT_EQ(to_json_object(task).at("context"), Json(JsonObject{}));
}

TEST(Declaration, KnowsTheNamesAtCompileTime) {
  static_assert(column_name<&Entry::entry_metadata>() == "entry_metadata");
  static_assert(table_name<Entry>() == "entries");
  static_assert(column_count<Entry> == 6);
  EXPECT_EQ(column_names<Entry>(),
            (std::vector<std::string>{"id", "conversation_id", "body", "created_at", "is_read",
                                      "entry_metadata"}));
}

TEST(DeclarationValues, FollowTheOrderOfTheColumns) {
  const Entry entry{.id = 5,
                    .conversation_id = "c-1",
                    .body = "hi",
                    .created_at = kNoon,
                    .is_read = true,
                    .entry_metadata = std::nullopt};
  const std::vector<Value> expected{std::int64_t{5},
                                    std::string("c-1"),
                                    std::string("hi"),
                                    std::string("2025-01-31 12:00:00.000250"),
                                    true,
                                    Null{}};
  EXPECT_EQ(values_of(entry), expected);
}

template <class Row>
Row round_trip(const Row& row) {
  const std::vector<Value> values = values_of(row);
  return row_from<Row>([&](int column) { return values.at(static_cast<std::size_t>(column)); });
}

TEST(DeclarationValues, MakeTheSameRowAgain) {
  const Conversation row = full_conversation();
  EXPECT_EQ(values_of(round_trip(row)), values_of(row));
}

TEST(DeclarationValues, KeepNullsThroughTheRoundTrip) {
  Conversation row;
  row.created_at = kNoon;
  const Conversation back = round_trip(row);
  EXPECT_EQ(back.user_name, std::nullopt);
  EXPECT_EQ(back.unread_count, std::nullopt);
  EXPECT_EQ(back.last_message_at, std::nullopt);
  EXPECT_EQ(back.metadata, std::nullopt);
}

TEST(DeclarationValues, TellsWhichColumnHoldsWhatItCannot) {
  std::vector<Value> values = values_of(full_conversation());
  values[5] = std::string("yesterday");
  try {
    row_from<Conversation>([&](int column) { return values.at(static_cast<std::size_t>(column)); });
    FAIL() << "a time was read from 'yesterday'";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::DatabaseFailure);
    EXPECT_STREQ(
        error.what(),
        "the database gave the text 'yesterday' for conversations.created_at, which is not "
        "a time");
  }
}

TEST(DeclarationJson, UsesWireNamesAndLeavesSecretsOut) {
  EXPECT_EQ(Json(to_json_object(full_conversation())),
            parse_json(R"({"session_id": "c-1", "tenant_domain": "shop.example", "user_name": "Ana",
                           "assigned_agent_id": 7, "status": "active",
                           "created_at": "2025-01-31T12:00:00.000250Z",
                           "updated_at": "2025-01-31T12:00:00.000250Z",
                           "last_message_at": "2025-01-31T12:00:00.000250Z", "unread_count": 3,
                           "metadata": {"a": 1}, "score": 0.5})"));
}

TEST(DeclarationJson, LetsNullLeaveAsTheLiteralDefaultOrNull) {
  const JsonObject object = to_json_object(Conversation{});
  EXPECT_EQ(object.at("status"), Json("pending"));
  EXPECT_EQ(object.at("unread_count"), Json(0));
  EXPECT_TRUE(object.at("user_name").is_null());
  EXPECT_TRUE(object.at("last_message_at").is_null());
  EXPECT_EQ(to_json_object(Entry{}).at("is_read"), Json(false));
}

TEST(DeclarationJson, KeepsTheOrderOfTheColumns) {
  EXPECT_EQ(to_text(to_json_object(Entry{})),
            R"({"message_id":0,"conversation_id":"","body":"",)"
            R"("created_at":"1970-01-01T00:00:00.000000Z","is_read":false,"metadata":null})");
}

}  // namespace
}  // namespace parley::schema
