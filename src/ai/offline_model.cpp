#include "ai/offline_model.h"

#include <utility>

#include "base/check.h"

namespace parley::ai {

void OfflineModel::ask(Request request, OnDelta on_delta, Done done, Cancellation cancellation) {
  if (cancellation.is_cancelled()) {
    return done(Error(ErrorCode::Unavailable, "The question was cancelled"));
  }
  Completion completion{
      .content = {}, .model = std::string(kName), .finish_reason = "stop", .usage = Usage{}};
  try {
    completion.content = compose_(request);
  } catch (const Error& error) {
    return done(error);
  }
  PARLEY_CHECK(!completion.content.empty());
  if (on_delta) on_delta(completion.content);
  done(std::move(completion));
}

}  // namespace parley::ai
