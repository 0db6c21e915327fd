#pragma once

// Answers while they are being given, in this process: the pieces so far, and who listens. Whoever
// joins late gets every piece from the first one on, and then the end. Any thread.

#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.h"
#include "http/message.h"

namespace parley::chat {

/// How it ended: what the sender is told, or the problem that they are answered with.
using AnswerEnd = std::variant<JsonObject, http::Problem>;

/// Called in order, from any thread, one call at a time; must neither block nor call back.
struct AnswerListener {
  std::function<void(std::string_view piece)> on_piece;  ///< May be empty.
  std::function<void(const AnswerEnd& end)> on_end;      ///< Called once.
};

class LiveAnswer {
 public:
  void join(AnswerListener listener);

  void add(std::string_view piece);

  /// The first call counts.
  void end(AnswerEnd end);

  /// The run is in the database: from then on its end can be found there.
  void mark_stored();
  bool is_stored() const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> pieces_;
  std::vector<AnswerListener> listeners_;
  std::unique_ptr<AnswerEnd> end_;
  bool is_stored_ = false;
};

class LiveAnswers {
 public:
  /// The answer of that run, begun when nobody asked for it yet.
  std::shared_ptr<LiveAnswer> of(const std::string& run_id);

  /// Ends it and forgets it.
  void end(const std::string& run_id, AnswerEnd end);

  /// Forgets it: its question was never stored.
  void forget(const std::string& run_id);

  /// Those whose runs are stored.
  std::vector<std::string> stored() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<LiveAnswer>, std::less<>> by_run_;
};

}  // namespace parley::chat
