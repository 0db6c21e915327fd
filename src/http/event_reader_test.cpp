#include "http/event_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace parley::http {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> events_of(const std::vector<std::string>& pieces) {
  std::vector<std::string> events;
  EventReader reader([&](std::string_view data) { events.emplace_back(data); });
  for (const std::string& piece : pieces) reader.feed(piece);
  return events;
}

TEST(EventReader, ReadsTheDataOfEachEvent) {
  EXPECT_THAT(events_of({"data: one\n\nevent: x\nid: 7\ndata:two\ndata: three\n\n"}),
              ElementsAre("one", "two\nthree"));
}

TEST(EventReader, KnowsEveryEndOfLine) {
  EXPECT_THAT(events_of({"data: a\r\n\r\ndata: b\r\rdata: c\n\n"}), ElementsAre("a", "b", "c"));
}

TEST(EventReader, DoesNotMindWhereThePiecesAreCut) {
  const std::string text = ": comment\r\ndata: one\r\ndata\r\n\r\ndata:  two\r\n\r\n";
  std::vector<std::string> letters;
  for (const char letter : text) letters.emplace_back(1, letter);
  EXPECT_THAT(events_of(letters), ElementsAre("one\n", " two"));
}

TEST(EventReader, ReadsOverWhatHasNoData) {
  EXPECT_THAT(events_of({": nothing\n\nevent: ping\n\ndatax: 1\n\n\n"}), IsEmpty());
}

TEST(EventReader, KeepsBackAnEventThatHasNotEnded) {
  EXPECT_THAT(events_of({"data: one\n"}), IsEmpty());
}

}  // namespace
}  // namespace parley::http
