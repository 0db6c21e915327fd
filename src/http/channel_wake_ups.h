#pragma once

// The channels of one I/O thread that have something to send. Waking an I/O thread costs about
// 20 µs, so one wake-up is under way at a time, whatever the number of channels and of threads that
// send. Outlives its I/O context, because channels may be used at any later time.

#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "http/channel.h"
#include "http/io_types.h"

namespace parley::http {

class ChannelWakeUps : public ChannelWaker, public std::enable_shared_from_this<ChannelWakeUps> {
 public:
  explicit ChannelWakeUps(Executor executor) : executor_(executor) {}

  void wake(std::span<std::shared_ptr<Channel>> channels) override;

  /// From now on nothing is woken, and the I/O context may go. Any thread.
  void close();

 private:
  void post();
  void flush_some();
  static void flush(const std::shared_ptr<Channel>& channel);

  const Executor executor_;
  std::vector<std::shared_ptr<Channel>> flushing_;  ///< I/O thread.
  std::size_t flushed_ = 0;                         ///< Of these.

  std::mutex mutex_;
  std::vector<std::shared_ptr<Channel>> awake_;
  bool is_posted_ = false;
  bool is_closed_ = false;
};

}  // namespace parley::http
