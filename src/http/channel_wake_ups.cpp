#include "http/channel_wake_ups.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <exception>
#include <iterator>
#include <utility>

#include "base/log.h"
#include "http/websocket_frame.h"

namespace parley::http {
namespace {

/// A write takes some 5 µs. After this many the thread looks after its other connections, so that a
/// message to thousands does not keep a request waiting.
constexpr std::size_t kFlushedAtATime = 64;

}  // namespace

void ChannelWakeUps::wake(std::span<std::shared_ptr<Channel>> channels) {
  const std::lock_guard lock(mutex_);
  if (is_closed_) return;
  awake_.insert(awake_.end(), std::make_move_iterator(channels.begin()),
                std::make_move_iterator(channels.end()));
  // Posted under the lock: the context cannot go while `close` waits for it.
  if (!awake_.empty() && !std::exchange(is_posted_, true)) post();
}

void ChannelWakeUps::close() {
  std::vector<std::shared_ptr<Channel>> dropped;
  const std::lock_guard lock(mutex_);
  is_closed_ = true;
  dropped.swap(awake_);
}

void ChannelWakeUps::post() {
  asio::post(executor_, [self = shared_from_this()] { self->flush_some(); });
}

void ChannelWakeUps::flush_some() {
  if (flushed_ == flushing_.size()) {
    flushing_.clear();
    flushed_ = 0;
    const std::lock_guard lock(mutex_);
    flushing_.swap(awake_);
    if (flushing_.empty()) is_posted_ = false;
  }
  const std::size_t end = std::min(flushing_.size(), flushed_ + kFlushedAtATime);
  while (flushed_ < end) flush(std::exchange(flushing_[flushed_++], nullptr));
  if (!flushing_.empty()) post();
}

/// One that cannot be flushed, for want of memory, must not keep the others from it.
void ChannelWakeUps::flush(const std::shared_ptr<Channel>& channel) {
  try {
    channel->flush();
  } catch (const std::exception& error) {
    log::error("A channel could not be written to: {}", error.what());
    channel->abandon(close_code::kInternalError, "internal error");
  }
}

}  // namespace parley::http
