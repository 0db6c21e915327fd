#include "http/channel.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "http/event_stream.h"
#include "http/websocket_frame.h"

namespace parley::http {
namespace {

/// A queue that was longer than this gives its memory back when it is empty.
constexpr std::size_t kQueueKept = 16;

}  // namespace

std::shared_ptr<const PushMessage> PushMessage::make(std::string_view text, std::string_view event,
                                                     std::string_view id) {
  return std::make_shared<const PushMessage>(text, event, id);
}

PushMessage::PushMessage(std::string_view text, std::string_view event, std::string_view id)
    : event_(event),
      id_(id),
      websocket_bytes_(text_frame(text)),
      text_begin_(websocket_bytes_.size() - text.size()) {}

std::string_view PushMessage::text() const {
  return std::string_view(websocket_bytes_).substr(text_begin_);
}

std::string_view PushMessage::event_stream_bytes() const {
  std::call_once(event_stream_once_,
                 [this] { event_stream_bytes_ = event_stream_text(id_, event_, text()); });
  return event_stream_bytes_;
}

Channel::Channel(std::shared_ptr<ChannelWaker> waker, const ChannelOptions& options)
    : waker_(std::move(waker)),
      bytes_soft_(options.waiting_bytes_soft),
      bytes_hard_(options.waiting_bytes_hard) {}

void Channel::send(SharedMessage message, Importance importance) {
  if (accept(std::move(message), importance)) wake();
}

void Channel::close(std::uint16_t code, std::string reason) {
  {
    const std::lock_guard lock(mutex_);
    if (state_ != State::Open) return;
    begin_closing(code, std::move(reason), Waiting::Send);
  }
  wake();
}

void Channel::abandon(std::uint16_t code, std::string reason) {
  {
    const std::lock_guard lock(mutex_);
    if (state_ == State::Closed) return;
    if (state_ == State::Closing) {
      drop_waiting();
    } else {
      begin_closing(code, std::move(reason), Waiting::Drop);
    }
  }
  wake();
}

bool Channel::is_open() const {
  const std::lock_guard lock(mutex_);
  return state_ == State::Open;
}

std::size_t Channel::waiting_bytes() const {
  const std::lock_guard lock(mutex_);
  return waiting_bytes_;
}

bool Channel::accept(SharedMessage message, Importance importance) {
  const std::size_t bytes = message->websocket_bytes().size();
  const std::lock_guard lock(mutex_);
  if (state_ != State::Open) return false;
  if (importance == Importance::Transient && waiting_bytes_ + bytes > bytes_soft_) return false;
  if (waiting_bytes_ + bytes > bytes_hard_) {
    begin_closing(close_code::kResume, "resume", Waiting::Drop);
    return true;
  }
  waiting_.push_back(std::move(message));
  waiting_bytes_ += bytes;
  return !std::exchange(is_awake_, true);
}

Channel::Taken Channel::take(std::vector<SharedMessage>& messages, std::size_t max) {
  const std::lock_guard lock(mutex_);
  waiting_bytes_ -= std::exchange(being_written_, 0);
  Taken taken;
  taken.messages = std::min(max, waiting_.size() - first_waiting_);
  for (std::size_t i = 0; i < taken.messages; ++i) {
    being_written_ += waiting_[first_waiting_]->websocket_bytes().size();
    messages.push_back(std::move(waiting_[first_waiting_++]));
  }
  forget_taken();
  if (waiting_.empty() && closing_) taken.closing = *std::exchange(closing_, nullptr);
  if (taken.messages == 0 && !taken.closing) is_awake_ = false;
  return taken;
}

void Channel::end() {
  connection_ = nullptr;
  const std::lock_guard lock(mutex_);
  state_ = State::Closed;
  closing_.reset();
  waiting_ = {};
  first_waiting_ = 0;
  waiting_bytes_ = 0;
  being_written_ = 0;
}

void Channel::begin_closing(std::uint16_t code, std::string reason, Waiting waiting) {
  if (waiting == Waiting::Drop) drop_waiting();
  state_ = State::Closing;
  closing_ = std::make_unique<ChannelClosing>(ChannelClosing{code, std::move(reason)});
  is_awake_ = true;
}

/// Also while the connection is busy with writing: that it is to end soon, it must know at once.
void Channel::wake() {
  std::shared_ptr<Channel> self = shared_from_this();
  waker_->wake({&self, 1});
}

void Channel::drop_waiting() {
  waiting_ = {};
  first_waiting_ = 0;
  waiting_bytes_ = being_written_;
}

/// Moving what still waits to the front each time would cost the square of a long queue.
void Channel::forget_taken() {
  if (first_waiting_ == waiting_.size()) {
    waiting_.clear();
    first_waiting_ = 0;
    if (waiting_.capacity() > kQueueKept) waiting_.shrink_to_fit();
  } else if (first_waiting_ > waiting_.size() / 2) {
    waiting_.erase(waiting_.begin(),
                   waiting_.begin() + static_cast<std::ptrdiff_t>(first_waiting_));
    first_waiting_ = 0;
  }
}

void deliver(std::span<const Delivery> deliveries) {
  struct Group {
    ChannelWaker* waker;
    std::vector<std::shared_ptr<Channel>> channels;
  };
  std::vector<Group> groups;
  for (const Delivery& delivery : deliveries) {
    if (!delivery.channel->accept(delivery.message, delivery.importance)) continue;
    ChannelWaker* const waker = delivery.channel->waker().get();
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const Group& one) { return one.waker == waker; });
    if (group == groups.end()) group = groups.insert(groups.end(), Group{waker, {}});
    group->channels.push_back(delivery.channel);
  }
  for (Group& group : groups) group.waker->wake(group.channels);
}

}  // namespace parley::http
