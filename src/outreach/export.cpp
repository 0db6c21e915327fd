#include "outreach/export.h"

#include "outreach/lists.h"

namespace parley::outreach {
namespace {

/// Rows of one piece. Where every piece looks at all rows, there are few of them.
std::int64_t rows_per_piece(Times times) { return times == Times::Comparable ? 1000 : 20'000; }

}  // namespace

Export::Export(ExportRequest request, std::string user_id, Timestamp now)
    : request_(request),
      user_id_(std::move(user_id)),
      now_(now),
      since_(now - std::chrono::days(request.days)) {}

std::string Export::piece(database::Connection& connection, Times times) {
  next_ = state_;
  std::string text;
  // A part without a text is no end.
  while (text.empty() && next_.part != Part::Done) {
    switch (next_.part) {
      case Part::Begin:
        text = export_begin(request_, user_id_, now_);
        next_.part = Part::MessageRows;
        break;
      case Part::MessageRows: text = messages(connection, times); break;
      case Part::Middle:
        text = export_middle(request_, next_.after.has_value());
        next_.part = Part::SessionRows;
        next_.after.reset();
        break;
      case Part::SessionRows: text = sessions(connection, times); break;
      case Part::End:
        text = export_end(request_, next_.after.has_value());
        next_.part = Part::Done;
        break;
      case Part::Done: break;
    }
  }
  return text;
}

std::string Export::messages(database::Connection& connection, Times times) {
  const auto found =
      list_messages(connection, times, user_id_, {},
                    {.since = since_, .after = next_.after, .limit = rows_per_piece(times)});
  std::string text;
  for (const MessageLogRow& message : found.rows) {
    append_export(text, request_, message, next_.after ? Place::Later : Place::First);
    next_.after = {message.timestamp, message.id};
    ++next_.rows;
  }
  if (!found.has_more) next_.part = Part::Middle;
  return text;
}

std::string Export::sessions(database::Connection& connection, Times times) {
  auto found =
      list_sessions(connection, times, user_id_,
                    {.since = since_, .after = next_.after, .limit = rows_per_piece(times)});
  std::string text;
  const bool has_more = found.has_more;
  // The errors of a session stand in JSON only.
  std::vector<SessionView> views;
  if (request_.format == ExportFormat::Csv) {
    for (SessionSummaryRow& session : found.rows) views.push_back({std::move(session), {}});
  } else {
    views = with_errors(connection, std::move(found.rows));
  }
  for (const SessionView& view : views) {
    append_export(text, request_, view, next_.after ? Place::Later : Place::First);
    next_.after = {view.session.start_time, view.session.session_id};
    ++next_.rows;
  }
  if (!has_more) next_.part = Part::End;
  return text;
}

}  // namespace parley::outreach
