#include "http/fake_provider.h"

#include <fmt/format.h>

namespace parley::test {

FakeProvider::FakeProvider() : server_({.port = 0, .threads = 1}, filled()) { server_.start(); }

FakeProvider::~FakeProvider() { server_.stop(); }

std::string FakeProvider::url() const { return fmt::format("http://127.0.0.1:{}", server_.port()); }

void FakeProvider::answer(Answer answer) {
  const std::scoped_lock lock(mutex_);
  answer_ = std::move(answer);
}

void FakeProvider::answer(int status, const Json& body) {
  answer([status, body](const http::Request&) { return http::Response::json(status, body); });
}

std::vector<http::Request> FakeProvider::requests() const {
  const std::scoped_lock lock(mutex_);
  return requests_;
}

std::size_t FakeProvider::count() const {
  const std::scoped_lock lock(mutex_);
  return requests_.size();
}

bool FakeProvider::wait_for(std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(30),
                           [&] { return requests_.size() >= count; });
}

http::Response FakeProvider::take(const http::Request& request) {
  Answer answer;
  std::size_t number = 0;
  {
    const std::scoped_lock lock(mutex_);
    requests_.push_back(request);
    number = requests_.size();
    answer = answer_;
    changed_.notify_all();
  }
  if (answer) return answer(request);
  return http::Response::json(200, JsonObject{{"id", fmt::format("gw-{}", number)}});
}

http::Router& FakeProvider::filled() {
  const auto handler = [this](std::shared_ptr<http::Request> request,
                              const http::Responder& respond) { respond(take(*request)); };
  router_.add_group("/", {{"POST", "/{a}", handler, {}},
                          {"POST", "/{a}/{b}", handler, {}},
                          {"POST", "/{a}/{b}/{c}", handler, {}}});
  return router_;
}

}  // namespace parley::test
