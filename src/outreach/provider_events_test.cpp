#include "outreach/provider_events.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/crypto.h"

namespace parley::outreach {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

std::vector<ProviderEvent> read(std::string_view text) {
  return events_of(parse_json(text)).value();
}

TEST(ProviderEvents, AreReadFromMetasEnvelope) {
  const auto events = read(R"({"object": "whatsapp_business_account", "entry": [
      {"changes": [{"field": "account_update", "value": {"statuses": [{"id": "x", "status": "y"}]}},
                   {"field": "messages", "value": {"messages": [{"id": "in"}]}},
                   {"field": "messages", "value": {"statuses": [
        {"id": "wamid.1", "status": "failed", "timestamp": "1742032800",
         "conversation": {"id": "c7"}, "pricing": {"pricing_model": "CBP"},
         "biz_opaque_callback_data": "log 1",
         "errors": [{"code": 131026, "title": "Undeliverable",
                     "error_data": {"details": "No such number"}}, {"code": 1}]}]}}]}]})");
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0].external_id, "wamid.1");
  EXPECT_EQ(events[0].status, DeliveryStatus::Failed);
  EXPECT_EQ(events[0].provider_time, parse_timestamp("2025-03-15T10:00:00Z"));
  EXPECT_EQ(events[0].error_code, "131026");
  EXPECT_EQ(events[0].error_message, "Undeliverable (No such number)");
  EXPECT_EQ(events[0].log_id, "log 1");
  EXPECT_EQ(events[0].conversation_id, "c7");
  EXPECT_EQ(events[0].pricing_model, "CBP");
  EXPECT_EQ(parse_json(events[0].payload).at("id"), "wamid.1");
}

TEST(ProviderEvents, AreReadFromThePlainForm) {
  const auto events =
      read(R"({"statuses": [{"id": 5, "status": "Delivered", "timestamp": 1742032800},
      {"id": "6", "status": "bounced", "timestamp": "2025-03-15T12:00:00+02:00"},
      {"status": "sent"}, {"id": "7"}, 8, null]})");
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_EQ(events[0].external_id, "5");
  EXPECT_EQ(events[0].status, DeliveryStatus::Delivered);
  EXPECT_EQ(events[1].status, DeliveryStatus::Unknown);
  EXPECT_EQ(events[1].status_raw, "bounced");
  EXPECT_EQ(events[1].provider_time, events[0].provider_time);
}

TEST(ProviderEvents, AreNothingInOtherBodies) {
  EXPECT_EQ(events_of(parse_json("[]")), std::nullopt);
  EXPECT_EQ(events_of(parse_json(R"({"statuses": {}})")), std::nullopt);
  EXPECT_THAT(read(R"({"entry": [1, {"changes": 2}]})"), IsEmpty());
}

TEST(ProviderEvents, AreTheSameAgain) {
  const auto events = read(R"({"statuses": [
      {"id": "1", "status": "sent", "timestamp": 5, "more": 1}, {"id": "1", "status": "sent", "timestamp": "5"},
      {"id": "1", "status": "sent", "timestamp": 6}, {"id": "1", "status": "read", "timestamp": 5},
      {"id": "2", "status": "sent", "timestamp": 5}]})");
  std::set<std::string> hashes;
  for (const ProviderEvent& event : events) hashes.insert(dedupe_hash("meta", event));
  EXPECT_THAT(hashes, SizeIs(4));
  EXPECT_EQ(dedupe_hash("meta", events[0]), dedupe_hash("meta", events[1]));
  EXPECT_NE(dedupe_hash("other", events[0]), dedupe_hash("meta", events[0]));
}

TEST(ProviderEvents, AreBelievedWithTheRightSignatureOnly) {
  const std::string right = to_hex(hmac_sha256("key", "{}"));
  EXPECT_TRUE(is_signed("key", "{}", "sha256=" + right));
  EXPECT_TRUE(is_signed("key", "{}", right));
  EXPECT_FALSE(is_signed("key", "{ }", right));
  EXPECT_FALSE(is_signed("kez", "{}", right));
  EXPECT_FALSE(is_signed("key", "{}", ""));
  EXPECT_FALSE(is_signed("key", "{}", "sha256="));
  EXPECT_FALSE(is_signed("key", "{}", right.substr(1)));
}

TEST(StatusAfter, NeverGoesBack) {
  using enum DeliveryStatus;
  const auto after = [](DeliveryStatus known, DeliveryStatus event) {
    return status_after(word(known), event);
  };
  EXPECT_EQ(after(Queued, Sent), Sent);
  EXPECT_EQ(after(Read, Delivered), std::nullopt);
  EXPECT_EQ(after(Sent, Sent), std::nullopt);
  EXPECT_EQ(after(Sent, Failed), Failed);
  EXPECT_EQ(after(Delivered, Failed), std::nullopt);
  EXPECT_EQ(after(Failed, Delivered), Delivered);
  EXPECT_EQ(status_after("odd", Sent), Sent);
  EXPECT_EQ(after(Sent, Unknown), Unknown);
  EXPECT_EQ(after(Unknown, Delivered), Delivered);
  EXPECT_EQ(after(Delivered, Unknown), std::nullopt);
  EXPECT_EQ(after(Read, Deleted), Deleted);
  EXPECT_EQ(after(Deleted, Deleted), std::nullopt);
  EXPECT_EQ(after(Deleted, Read), std::nullopt);
}

}  // namespace
}  // namespace parley::outreach
