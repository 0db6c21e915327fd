#include "http/mailbox.h"

#include <atomic>
#include <boost/asio/post.hpp>
#include <utility>

namespace parley::http {
namespace {

/// The end of an exchange that a handler holds: answers once, at the latest when it is destroyed.
class Reply {
 public:
  Reply(std::shared_ptr<Mailbox> mailbox, std::shared_ptr<Exchange> exchange)
      : mailbox_(std::move(mailbox)), exchange_(std::move(exchange)) {}
  ~Reply() { send(std::nullopt); }
  Reply(const Reply&) = delete;
  Reply& operator=(const Reply&) = delete;

  void send(std::optional<Response> response) {
    if (!is_sent_.test_and_set()) mailbox_->deliver(std::move(exchange_), std::move(response));
  }

 private:
  std::atomic_flag is_sent_;
  std::shared_ptr<Mailbox> mailbox_;
  std::shared_ptr<Exchange> exchange_;
};

void complete(Exchange& exchange, std::optional<Response> response) {
  exchange.is_answered = true;
  exchange.response = std::move(response);
  if (exchange.waiting) exchange.waiting->cancel();
}

}  // namespace

void Mailbox::settle_on_this_thread() {
  const std::lock_guard lock(mutex_);
  thread_ = std::this_thread::get_id();
}

void Mailbox::deliver(std::shared_ptr<Exchange> exchange, std::optional<Response> response) {
  {
    const std::lock_guard lock(mutex_);
    if (is_closed_) return;
    if (thread_ != std::this_thread::get_id()) {
      letters_.push_back({std::move(exchange), std::move(response)});
      // Posted under the lock: the context cannot go while `close` waits for it.
      if (!std::exchange(is_wake_up_posted_, true)) {
        asio::post(executor_, [self = shared_from_this()] { self->deliver_waiting(); });
      }
      return;
    }
  }
  complete(*exchange, std::move(response));
}

void Mailbox::deliver_waiting() {
  std::vector<Letter> letters;
  {
    const std::lock_guard lock(mutex_);
    letters.swap(letters_);
    is_wake_up_posted_ = false;
  }
  for (auto& letter : letters) complete(*letter.exchange, std::move(letter.response));
}

void Mailbox::close() {
  const std::lock_guard lock(mutex_);
  is_closed_ = true;
  letters_.clear();
}

Responder Mailbox::responder_for(std::shared_ptr<Exchange> exchange) {
  auto reply = std::make_shared<Reply>(shared_from_this(), std::move(exchange));
  return [reply](Response response) { reply->send(std::move(response)); };
}

}  // namespace parley::http
