#include "http/channel.h"

#include <gtest/gtest.h>

namespace parley::http {
namespace {

/// Counts calls and says what was woken; it owns nothing, as channels own their waker.
class RecordingWaker : public ChannelWaker {
 public:
  void wake(std::span<std::shared_ptr<Channel>> channels) override {
    ++calls;
    for (const auto& channel : channels) woken.push_back(channel.get());
  }

  int calls = 0;
  std::vector<Channel*> woken;
};

class CountingConnection : public ChannelConnection {
 public:
  void flush() override { ++flushes; }
  int flushes = 0;
};

constexpr std::size_t kFrameHead = 2;

/// A message of ten bytes on the wire.
SharedMessage ten_bytes(char letter = 'x') {
  return PushMessage::make(std::string(10 - kFrameHead, letter));
}

class ChannelTest : public testing::Test {
 protected:
  ChannelTest() {
    options_.waiting_bytes_soft = 30;
    options_.waiting_bytes_hard = 50;
    channel_ = std::make_shared<Channel>(waker_, options_);
  }

  /// The first letters of what is taken, and the code of the closing.
  std::string take(std::size_t max = 100) {
    std::vector<SharedMessage> messages;
    const Channel::Taken taken = channel_->take(messages, max);
    EXPECT_EQ(taken.messages, messages.size());
    std::string letters;
    for (const auto& message : messages) letters += message->text().front();
    if (taken.closing) letters += fmt::format("{} {}", taken.closing->code, taken.closing->reason);
    return letters;
  }

  ChannelOptions options_;
  std::shared_ptr<RecordingWaker> waker_ = std::make_shared<RecordingWaker>();
  std::shared_ptr<Channel> channel_;
};

TEST(PushMessage, IsFramedForBothKinds) {
  const SharedMessage message = PushMessage::make("hello", "greeting", "7");
  EXPECT_EQ(message->text(), "hello");
  EXPECT_EQ(message->websocket_bytes(), "\x81\x05hello");
  EXPECT_EQ(message->event_stream_bytes(), "id: 7\nevent: greeting\ndata: hello\n\n");
  EXPECT_EQ(message->event_stream_bytes().data(), message->event_stream_bytes().data());
}

TEST_F(ChannelTest, GivesWhatWasSentInOrder) {
  for (const char letter : {'a', 'b', 'c'}) channel_->send(ten_bytes(letter), Importance::Durable);
  EXPECT_EQ(take(2), "ab");
  channel_->send(ten_bytes('d'), Importance::Durable);
  EXPECT_EQ(take(2), "cd");
  EXPECT_EQ(take(2), "");
}

TEST_F(ChannelTest, WakesOnceUntilNothingIsLeft) {
  channel_->send(ten_bytes(), Importance::Durable);
  channel_->send(ten_bytes(), Importance::Durable);
  EXPECT_EQ(waker_->calls, 1);
  take();
  channel_->send(ten_bytes(), Importance::Durable);
  EXPECT_EQ(waker_->calls, 1);
  take();
  take();
  channel_->send(ten_bytes(), Importance::Durable);
  EXPECT_EQ(waker_->calls, 2);
}

TEST_F(ChannelTest, CountsWhatIsBeingWritten) {
  channel_->send(ten_bytes(), Importance::Durable);
  channel_->send(ten_bytes(), Importance::Durable);
  EXPECT_EQ(channel_->waiting_bytes(), 20u);
  take(1);
  EXPECT_EQ(channel_->waiting_bytes(), 20u);
  take(1);
  EXPECT_EQ(channel_->waiting_bytes(), 10u);
  take(1);
  EXPECT_EQ(channel_->waiting_bytes(), 0u);
}

TEST_F(ChannelTest, LeavesTransientMessagesOutBeyondTheSoftLimit) {
  channel_->send(ten_bytes('a'), Importance::Durable);
  channel_->send(ten_bytes('b'), Importance::Durable);
  channel_->send(ten_bytes('c'), Importance::Transient);
  channel_->send(ten_bytes('d'), Importance::Transient);
  channel_->send(ten_bytes('e'), Importance::Durable);
  EXPECT_EQ(take(), "abce");
}

TEST_F(ChannelTest, InvitesToResumeBeyondTheHardLimitAndFreesWhatWaits) {
  const SharedMessage message = ten_bytes();
  for (int i = 0; i < 5; ++i) channel_->send(message, Importance::Durable);
  EXPECT_TRUE(channel_->is_open());
  take(1);
  const int calls = waker_->calls;
  channel_->send(message, Importance::Durable);
  EXPECT_FALSE(channel_->is_open());
  EXPECT_EQ(waker_->calls, calls + 1) << "The connection must know, although it is writing.";
  EXPECT_EQ(message.use_count(), 1);
  EXPECT_EQ(channel_->waiting_bytes(), 10u);
  EXPECT_EQ(take(), "4008 resume");
  EXPECT_EQ(take(), "");
}

TEST_F(ChannelTest, ClosesBehindWhatWasSentBefore) {
  channel_->send(ten_bytes('a'), Importance::Durable);
  channel_->send(ten_bytes('b'), Importance::Durable);
  channel_->close(4001, "done");
  channel_->send(ten_bytes('c'), Importance::Durable);
  channel_->close(4002, "again");
  EXPECT_EQ(take(1), "a");
  EXPECT_EQ(take(1), "b4001 done");
}

TEST_F(ChannelTest, AbandonsWhatWaits) {
  channel_->send(ten_bytes('a'), Importance::Durable);
  channel_->abandon(1002, "wrong");
  EXPECT_EQ(take(), "1002 wrong");
}

TEST_F(ChannelTest, AbandonsWhatWaitsForTheEnd) {
  channel_->send(ten_bytes('a'), Importance::Durable);
  channel_->close(4001, "done");
  channel_->abandon(1000, "");
  EXPECT_EQ(take(), "4001 done");
}

TEST_F(ChannelTest, TakesNothingInOnceItHasEnded) {
  channel_->send(ten_bytes(), Importance::Durable);
  channel_->end();
  const int calls = waker_->calls;
  channel_->send(ten_bytes(), Importance::Durable);
  channel_->close(4001, "");
  EXPECT_EQ(channel_->waiting_bytes(), 0u);
  EXPECT_EQ(waker_->calls, calls);
  EXPECT_EQ(take(), "");
}

TEST_F(ChannelTest, HandsWakeUpsToItsConnectionUntilItEnds) {
  CountingConnection connection;
  channel_->flush();
  channel_->attach(connection);
  channel_->flush();
  channel_->end();
  channel_->flush();
  EXPECT_EQ(connection.flushes, 1);
}

TEST_F(ChannelTest, ALongQueueIsTakenInPartsInOrder) {
  options_.waiting_bytes_hard = 1 << 20;
  channel_ = std::make_shared<Channel>(waker_, options_);
  std::string sent;
  for (int i = 0; i < 1000; ++i) {
    sent += static_cast<char>('a' + i % 26);
    channel_->send(ten_bytes(sent.back()), Importance::Durable);
  }
  std::string taken;
  for (std::string part = take(7); !part.empty(); part = take(7)) taken += part;
  EXPECT_EQ(taken, sent);
}

TEST_F(ChannelTest, OneDeliveryWakesEveryThreadOnce) {
  const auto other_waker = std::make_shared<RecordingWaker>();
  const auto second = std::make_shared<Channel>(waker_, options_);
  const auto third = std::make_shared<Channel>(other_waker, options_);
  const SharedMessage message = ten_bytes();
  deliver(std::array{Delivery{channel_, message}, Delivery{third, message},
                     Delivery{second, message}, Delivery{channel_, message}});
  EXPECT_EQ(waker_->calls, 1);
  EXPECT_EQ(waker_->woken, (std::vector{channel_.get(), second.get()}));
  EXPECT_EQ(other_waker->woken, std::vector{third.get()});
  EXPECT_EQ(take(), "xx");
}

TEST_F(ChannelTest, ADeliveryThatNobodyTakesWakesNobody) {
  channel_->end();
  deliver(std::array{Delivery{channel_, ten_bytes()}});
  EXPECT_EQ(waker_->calls, 0);
}

}  // namespace
}  // namespace parley::http
