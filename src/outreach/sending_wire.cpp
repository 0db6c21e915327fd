#include "outreach/sending_wire.h"

#include <fmt/format.h>

#include <cmath>

#include "api/operation_parts.h"
#include "schema/convert.h"
#include "schema/json_schema.h"

namespace parley::outreach {
namespace {

using namespace json_schema;

JsonObject number() { return {{"type", "number"}}; }

double rounded(double value) { return std::round(value * 100) / 100; }

double share(std::int64_t part, std::int64_t whole) {
  if (whole == 0) return 0;
  return rounded(static_cast<double>(part) * 100 / static_cast<double>(whole));
}

}  // namespace

JsonObject delivery_json(const DeliveryRecordRow& row) { return schema::to_json_object(row); }

JsonObject delivery_figures_json(const DeliveryFigures& figures, std::int64_t days) {
  JsonObject errors;
  for (const auto& [code, count] : figures.errors) errors[code] = count;
  return {{"time_period", fmt::format("{} days", days)},
          {"total_messages", figures.total},
          {"sent_messages", figures.sent},
          {"delivered_messages", figures.delivered},
          {"read_messages", figures.read},
          {"failed_messages", figures.failed},
          {"delivery_rate", share(figures.delivered, figures.sent)},
          {"read_rate", share(figures.read, figures.delivered)},
          {"failure_rate", share(figures.failed, figures.total)},
          {"avg_delivery_time", rounded(figures.seconds_to_delivery)},
          {"avg_read_time", rounded(figures.seconds_to_read)},
          {"error_breakdown", std::move(errors)}};
}

JsonObject status_event_json(const StatusEventRow& row) { return schema::to_json_object(row); }

JsonObject quota_state_json(const QuotaState& state, Timestamp now) {
  const std::int64_t left = std::max<std::int64_t>(state.quota.limit - state.usage, 0);
  return {{"quota_type", word(state.quota.type)},
          {"limit", state.quota.limit},
          {"burst", state.quota.burst},
          {"current_usage", state.usage},
          {"burst_used", state.burst_used},
          {"remaining", left},
          {"usage_percentage", share(state.usage, state.quota.limit)},
          {"level", word(level_of(state.quota, state.usage))},
          {"next_available", schema::to_json(state.next_available)},
          {"wait_seconds", seconds_until(state.next_available, now)}};
}

JsonObject quota_alert_json(const QuotaAlert& alert) {
  return {{"quota_type", word(alert.type)},
          {"level", word(alert.level)},
          {"current_usage", alert.usage},
          {"limit", alert.limit},
          {"usage_percentage", share(alert.usage, alert.limit)}};
}

JsonObject quota_taken_json(const QuotaTaken& taken) {
  json::array alerts;
  for (const QuotaAlert& alert : taken.alerts) alerts.push_back(quota_alert_json(alert));
  return {{"allowed", true},
          {"remaining", taken.remaining ? Json(*taken.remaining) : Json(nullptr)},
          {"using_burst", taken.uses_burst},
          {"alerts", std::move(alerts)}};
}

JsonObject quota_denied_json(const QuotaDenied& denied, Timestamp now) {
  return {{"allowed", false},
          {"quota_type", word(denied.type)},
          {"current_usage", denied.usage},
          {"limit", denied.limit},
          {"next_available", schema::to_json(denied.next_available)},
          {"wait_seconds", seconds_until(denied.next_available, now)}};
}

std::int64_t seconds_until(Timestamp time, Timestamp now) {
  return std::max<std::int64_t>(std::chrono::ceil<std::chrono::seconds>(time - now).count(), 0);
}

JsonObject rendered_json(const RenderedMessage& message) {
  JsonObject object;
  const auto put = [&](std::string_view name, const std::optional<std::string>& text) {
    if (text) object[name] = *text;
  };
  put("subject", message.subject);
  put("content", message.content);
  put("whatsapp_content", message.whatsapp_content);
  return object;
}

JsonObject split_json(const SplitText& split) {
  json::array parts;
  for (const std::string& part : split.parts) parts.emplace_back(part);
  json::array cut;
  for (const CutPart& part : split.cut) {
    cut.push_back(
        JsonObject{{"part", part.position + 1},
                   {"reason", part.reason == CutPart::Reason::TooLong ? "too_long" : "surplus"},
                   {"content", part.content}});
  }
  return {{"parts", std::move(parts)}, {"truncated", std::move(cut)}, {"delay_seconds", 1.0}};
}

JsonObject delivery_schema() {
  return named("Delivery", schema::json_schema_of<DeliveryRecordRow>());
}

JsonObject delivery_figures_schema() {
  JsonObject errors = any_object();
  errors["additionalProperties"] = integer(1);
  return named("DeliveryAnalytics", object({{"time_period", text()},
                                            {"total_messages", integer(0)},
                                            {"sent_messages", integer(0)},
                                            {"delivered_messages", integer(0)},
                                            {"read_messages", integer(0)},
                                            {"failed_messages", integer(0)},
                                            {"delivery_rate", number()},
                                            {"read_rate", number()},
                                            {"failure_rate", number()},
                                            {"avg_delivery_time", number()},
                                            {"avg_read_time", number()},
                                            {"error_breakdown", errors}}));
}

JsonObject status_event_schema() {
  return named("StatusEvent", with_fields(schema::json_schema_of<StatusEventRow>(),
                                          {{"source", api::words_schema<StatusSource>()}}));
}

JsonObject quota_state_schema() {
  return named("Quota", object({{"quota_type", api::words_schema<QuotaType>()},
                                {"limit", integer(1)},
                                {"burst", integer(0)},
                                {"current_usage", integer(0)},
                                {"burst_used", integer(0)},
                                {"remaining", integer(0)},
                                {"usage_percentage", number()},
                                {"level", api::words_schema<QuotaLevel>()},
                                {"next_available", text_of("date-time")},
                                {"wait_seconds", integer(0)}}));
}

JsonObject quota_taken_schema() {
  const JsonObject alert = object({{"quota_type", api::words_schema<QuotaType>()},
                                   {"level", api::words_schema<QuotaLevel>()},
                                   {"current_usage", integer(0)},
                                   {"limit", integer(1)},
                                   {"usage_percentage", number()}});
  return named("QuotaTaken", object({{"allowed", boolean()},
                                     {"remaining", nullable(integer(0))},
                                     {"using_burst", boolean()},
                                     {"alerts", list_of(alert)}}));
}

JsonObject quota_denied_schema() {
  return named("QuotaDenied", object({{"allowed", boolean()},
                                      {"quota_type", api::words_schema<QuotaType>()},
                                      {"current_usage", integer(0)},
                                      {"limit", integer(1)},
                                      {"next_available", text_of("date-time")},
                                      {"wait_seconds", integer(0)}}));
}

JsonObject rendered_schema() {
  return object({{"subject", text(), false},
                 {"content", text(), false},
                 {"whatsapp_content", text(), false}});
}

JsonObject split_schema() {
  static constexpr std::array<std::string_view, 2> kReasons{"too_long", "surplus"};
  const JsonObject cut =
      object({{"part", integer(1)}, {"reason", json_schema::words(kReasons)}, {"content", text()}});
  return object(
      {{"parts", list_of(text())}, {"truncated", list_of(cut)}, {"delay_seconds", number()}});
}

JsonObject template_schema() {
  return object({optional("id", text()), optional("name", text()), optional("subject", text()),
                 optional("content", text()), optional("whatsapp_content", text()),
                 optional("variables", list_of(text()))});
}

}  // namespace parley::outreach
