#include "chat/live_answer.h"

namespace parley::chat {

void LiveAnswer::join(AnswerListener listener) {
  const std::scoped_lock lock(mutex_);
  if (listener.on_piece) {
    for (const std::string& piece : pieces_) listener.on_piece(piece);
  }
  if (end_) return listener.on_end(*end_);
  listeners_.push_back(std::move(listener));
}

void LiveAnswer::add(std::string_view piece) {
  const std::scoped_lock lock(mutex_);
  if (end_) return;
  pieces_.emplace_back(piece);
  for (const AnswerListener& each : listeners_) {
    if (each.on_piece) each.on_piece(piece);
  }
}

void LiveAnswer::end(AnswerEnd end) {
  const std::scoped_lock lock(mutex_);
  if (end_) return;
  end_ = std::make_unique<AnswerEnd>(std::move(end));
  for (const AnswerListener& each : listeners_) each.on_end(*end_);
  listeners_.clear();
}

void LiveAnswer::mark_stored() {
  const std::scoped_lock lock(mutex_);
  is_stored_ = true;
}

bool LiveAnswer::is_stored() const {
  const std::scoped_lock lock(mutex_);
  return is_stored_;
}

std::shared_ptr<LiveAnswer> LiveAnswers::of(const std::string& run_id) {
  const std::scoped_lock lock(mutex_);
  auto& answer = by_run_[run_id];
  if (!answer) answer = std::make_shared<LiveAnswer>();
  return answer;
}

void LiveAnswers::end(const std::string& run_id, AnswerEnd end) {
  const std::shared_ptr<LiveAnswer> answer = of(run_id);
  forget(run_id);
  answer->end(std::move(end));
}

void LiveAnswers::forget(const std::string& run_id) {
  const std::scoped_lock lock(mutex_);
  by_run_.erase(run_id);
}

std::vector<std::string> LiveAnswers::stored() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> ids;
  for (const auto& [id, answer] : by_run_) {
    if (answer->is_stored()) ids.push_back(id);
  }
  return ids;
}

}  // namespace parley::chat
