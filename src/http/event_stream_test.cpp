#include "http/event_stream.h"

#include <gtest/gtest.h>

namespace parley::http {
namespace {

TEST(EventStream, WritesIdEventAndData) {
  EXPECT_EQ(event_stream_text("7", "message", "{}"), "id: 7\nevent: message\ndata: {}\n\n");
}

TEST(EventStream, LeavesOutWhatIsEmpty) {
  EXPECT_EQ(event_stream_text("", "", "text"), "data: text\n\n");
  EXPECT_EQ(event_stream_text("7", "", ""), "id: 7\ndata: \n\n");
}

TEST(EventStream, WritesALineOfDataForEachLineOfTheText) {
  EXPECT_EQ(event_stream_text("", "", "a\nb\r\nc\rd"), "data: a\ndata: b\ndata: c\ndata: d\n\n");
  EXPECT_EQ(event_stream_text("", "", "\n"), "data: \ndata: \n\n");
}

TEST(EventStream, BeginsWithTheTimeToComeBack) {
  EXPECT_EQ(event_stream_opening(std::chrono::seconds(2)), "retry: 2000\n\n");
}

TEST(EventStreamDeathTest, RefusesALineBreakInIdOrEvent) {
  EXPECT_DEATH(event_stream_text("7\n", "", ""), "");
  EXPECT_DEATH(event_stream_text("", "a\rb", ""), "");
}

}  // namespace
}  // namespace parley::http
