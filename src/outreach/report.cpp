#include "outreach/report.h"

#include <fmt/format.h>

#include "outreach/figures.h"
#include "outreach/names.h"
#include "outreach/report_pass.h"
#include "outreach/wire.h"
#include "store/query.h"

namespace parley::outreach {
namespace {

json::array texts(const std::vector<std::string>& list) {
  json::array array;
  for (const std::string& text : list) array.emplace_back(text);
  return array;
}

json::array pairs(const std::vector<TextCount>& list) {
  json::array array;
  for (const auto& [text, count] : list) array.push_back(json::array{text, count});
  return array;
}

template <class T>
JsonObject object_of(const std::vector<std::pair<std::string, T>>& list) {
  JsonObject object;
  for (const auto& [name, value] : list) object[name] = value;
  return object;
}

JsonObject rates(std::vector<Rated> list) {
  for (auto& [name, rate] : list) rate = rounded(rate);
  return object_of(list);
}

JsonObject trends(const Report& report) {
  JsonObject object;
  for (const auto& [error, days] : report.error_trends) {
    object[error] = json::array(days.begin(), days.end());
  }
  return object;
}

JsonObject templates(const std::vector<TemplateFigures>& list) {
  JsonObject object;
  for (const TemplateFigures& each : list) {
    object[each.name] = {{"total", each.total},
                         {"successful", each.successful},
                         {"failed", each.failed},
                         {"delivered", each.delivered},
                         {"read", each.read},
                         {"success_rate", rounded(rate_of(each.successful, each.total))},
                         {"read_rate", rounded(rate_of(each.read, each.total))}};
  }
  return object;
}

}  // namespace

std::string report_id_of(const std::string& user_id, std::int64_t days, Timestamp now) {
  return fmt::format("{}_{}d_{}", user_id, days, date_digits(now));
}

Report make_report(database::Connection& connection, Times times, const std::string& user_id,
                   std::int64_t days, Timestamp now) {
  using store::all_of;
  using store::equals;
  const Timestamp start = now - std::chrono::days(days);
  ReportPass pass(start, now);
  auto messages = all_of(equals<&MessageLogRow::user_id>(user_id), logged_since(times, start));
  if (times == Times::Comparable) {
    messages = all_of(messages, store::less_or_equal<&MessageLogRow::timestamp>(now));
  }
  for_each_reported(connection, messages,
                    [&](const ReportedMessage& message) { pass.take(message); });
  Report report =
      pass.finish(session_lengths(connection, all_of(equals<&SessionSummaryRow::user_id>(user_id),
                                                     started_since(times, start))));
  report.report_id = report_id_of(user_id, days, now);
  report.generated_at = now;
  report.user_id = user_id;
  report.start = start;
  report.end = now;
  return report;
}

std::string report_text(const Report& report) {
  JsonObject object{{"report_id", report.report_id},
                    {"generated_at", time_json(report.generated_at)},
                    {"user_id", report.user_id},
                    {"date_range", json::array{time_json(report.start), time_json(report.end)}},
                    {"total_messages_sent", report.total_messages_sent},
                    {"total_sessions", report.total_sessions},
                    {"channels_used", texts(report.channels_used)},
                    {"templates_used", texts(report.templates_used)},
                    {"overall_success_rate", rounded(report.overall_success_rate)},
                    {"success_by_channel", rates(report.success_by_channel)},
                    {"success_by_template", rates(report.success_by_template)},
                    {"success_by_day", object_of(report.success_by_day)},
                    {"average_messages_per_session", rounded(report.average_messages_per_session)},
                    {"average_session_duration", rounded(report.average_session_duration)},
                    {"peak_sending_hours", json::array(report.peak_sending_hours.begin(),
                                                       report.peak_sending_hours.end())},
                    {"busiest_days", texts(report.busiest_days)},
                    {"common_errors", pairs(report.common_errors)},
                    {"error_trends", trends(report)},
                    {"top_companies", pairs(report.top_companies)},
                    {"repeat_recipients", pairs(report.repeat_recipients)},
                    {"template_performance", templates(report.template_performance)},
                    {"recommendations", texts(report.recommendations)}};
  return to_text(std::move(object));
}

std::optional<std::string> stored_report(database::Connection& connection,
                                         const std::string& report_id, Timestamp now) {
  auto found = store::select<AnalyticsCacheRow>()
                   .where(store::equals<&AnalyticsCacheRow::report_id>(report_id))
                   .first(connection);
  if (!found || found->generated_at <= now - kReportLifetime) return std::nullopt;
  return std::move(found->report_data);
}

void store_report(database::Connection& connection, const Report& report, const std::string& text) {
  store::erase(connection, store::equals<&AnalyticsCacheRow::report_id>(report.report_id));
  store::insert(connection, AnalyticsCacheRow{.report_id = report.report_id,
                                              .user_id = report.user_id,
                                              .generated_at = report.generated_at,
                                              .date_range_start = report.start,
                                              .date_range_end = report.end,
                                              .report_data = text,
                                              .created_at = {}});
}

}  // namespace parley::outreach
