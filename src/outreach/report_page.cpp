#include "outreach/report_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/html.h"
#include "outreach/figures.h"

namespace parley::outreach {
namespace {

constexpr std::string_view kStyle =
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;"
    "color:#1c2430;background:#fff}h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.25rem .75rem .25rem "
    "0;"
    "border-bottom:1px solid #e3e7ec}td.n,th.n{text-align:right}.tiles{display:flex;flex-wrap:wrap;"
    "gap:1rem}.tile{border:1px solid #e3e7ec;border-radius:.5rem;padding:.75rem "
    "1rem;min-width:8rem}"
    ".tile b{display:block;font-size:1.4rem}svg{width:100%;height:auto}rect{fill:#2f6fde}"
    "text{font-size:11px;fill:#5a6675}@media(prefers-color-scheme:dark){body{color:#dde3ea;"
    "background:#14181d}td,th,.tile{border-color:#2c343d}text{fill:#9aa7b5}}";

std::string percent(double rate) { return fmt::format("{:.1f} %", rate); }

std::string tile(std::string_view name, std::string_view value) {
  return fmt::format("<div class=\"tile\"><b>{}</b>{}</div>", escaped_html(value), name);
}

/// A bar for each value, its name below where there is room.
std::string bar_chart(std::string_view label, const std::vector<TextCount>& values) {
  constexpr int kWidth = 800;
  constexpr int kHeight = 160;
  constexpr int kNames = 20;
  std::int64_t greatest = 1;
  for (const auto& [name, value] : values) greatest = std::max(greatest, value);
  std::string svg = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">",
                                kWidth, kHeight + kNames, escaped_html(label));
  const double step =
      static_cast<double>(kWidth) / static_cast<double>(std::max<std::size_t>(1, values.size()));
  const std::size_t every = values.size() / 10 + 1;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto& [name, value] = values[i];
    const double height = static_cast<double>(value) * kHeight / static_cast<double>(greatest);
    svg += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"><title>{}: "
        "{}</title></rect>",
        static_cast<double>(i) * step, kHeight - height, step * 0.8, height, escaped_html(name),
        value);
    if (i % every == 0) {
      svg += fmt::format("<text x=\"{:.1f}\" y=\"{}\">{}</text>", static_cast<double>(i) * step,
                         kHeight + kNames - 5, escaped_html(name));
    }
  }
  return svg + "</svg>";
}

std::string counts_table(std::string_view name, const std::vector<TextCount>& rows) {
  std::string html = fmt::format("<table><tr><th>{}</th><th class=\"n\">Messages</th></tr>", name);
  for (const auto& [text, count] : rows) {
    html += fmt::format("<tr><td>{}</td><td class=\"n\">{}</td></tr>", escaped_html(text), count);
  }
  return html + "</table>";
}

std::string section(std::string_view title, const std::string& content, bool is_empty) {
  return fmt::format("<h2>{}</h2>{}", title, is_empty ? std::string("<p>None.</p>") : content);
}

std::string template_table(const std::vector<TemplateFigures>& templates) {
  std::string html =
      "<table><tr><th>Template</th><th class=\"n\">Messages</th><th class=\"n\">Successful</th>"
      "<th class=\"n\">Failed</th><th class=\"n\">Delivered</th><th class=\"n\">Read</th>"
      "<th class=\"n\">Success</th></tr>";
  for (const TemplateFigures& each : templates) {
    html += fmt::format("<tr><td>{}</td>", escaped_html(each.name));
    for (const std::int64_t value :
         {each.total, each.successful, each.failed, each.delivered, each.read}) {
      html += fmt::format("<td class=\"n\">{}</td>", value);
    }
    html +=
        fmt::format("<td class=\"n\">{}</td></tr>", percent(rate_of(each.successful, each.total)));
  }
  return html + "</table>";
}

std::string rates_chart(const std::vector<Rated>& rates) {
  std::vector<TextCount> values;
  for (const auto& [name, rate] : rates) {
    values.emplace_back(name, static_cast<std::int64_t>(rounded(rate, 0)));
  }
  return bar_chart("Success in %", values);
}

std::string advice_list(const std::vector<std::string>& advice) {
  std::string html = "<ul>";
  for (const std::string& text : advice) html += fmt::format("<li>{}</li>", escaped_html(text));
  return html + "</ul>";
}

std::string date_of(Timestamp time) { return format_rfc3339(time).substr(0, 10); }

void append_counts(std::string& text, std::string_view title, const std::vector<TextCount>& rows) {
  if (rows.empty()) return;
  text += fmt::format("\n{}\n", title);
  for (const auto& [name, count] : rows) text += fmt::format("  {:>8}  {}\n", count, name);
}

}  // namespace

std::string report_page(const Report& report) {
  const std::string title =
      fmt::format("Messages of {} from {} to {}", escaped_html(report.user_id),
                  date_of(report.start), date_of(report.end));
  std::string html = fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width\"><title>{0}</title>"
      "<style>{1}</style></head><body><h1>{0}</h1><div class=\"tiles\">",
      title, kStyle);
  html += tile("messages", std::to_string(report.total_messages_sent));
  html += tile("sessions", std::to_string(report.total_sessions));
  html += tile("successful", percent(report.overall_success_rate));
  html += tile("messages a session", fmt::format("{:.1f}", report.average_messages_per_session));
  html += tile("seconds a session", fmt::format("{:.0f}", report.average_session_duration));
  html += "</div>";
  html += section("Successes by day", bar_chart("Successes by day", report.success_by_day),
                  report.success_by_day.empty());
  html += section("Success by channel, in %", rates_chart(report.success_by_channel),
                  report.success_by_channel.empty());
  html += section("Templates", template_table(report.template_performance),
                  report.template_performance.empty());
  html += section("Most frequent errors", counts_table("Error", report.common_errors),
                  report.common_errors.empty());
  html += section("Companies", counts_table("Company", report.top_companies),
                  report.top_companies.empty());
  html += section("Recipients of more than one message",
                  counts_table("Recipient", report.repeat_recipients),
                  report.repeat_recipients.empty());
  html += section("Recommendations", advice_list(report.recommendations),
                  report.recommendations.empty());
  return html + "</body></html>\n";
}

std::string report_table(const Report& report) {
  std::string text = fmt::format(
      "Messages of {} from {} to {}\n\n"
      "  messages              {}\n  sessions              {}\n  success               {}\n"
      "  messages a session    {:.1f}\n  seconds a session     {:.0f}\n",
      report.user_id, date_of(report.start), date_of(report.end), report.total_messages_sent,
      report.total_sessions, percent(report.overall_success_rate),
      report.average_messages_per_session, report.average_session_duration);
  if (!report.template_performance.empty()) {
    text += "\n  messages  success    read  template\n";
    for (const TemplateFigures& each : report.template_performance) {
      text += fmt::format("  {:>8} {:>8} {:>7}  {}\n", each.total,
                          percent(rate_of(each.successful, each.total)), each.read, each.name);
    }
  }
  if (!report.success_by_channel.empty()) text += "\nSuccess by channel\n";
  for (const auto& [name, rate] : report.success_by_channel) {
    text += fmt::format("  {:>8}  {}\n", percent(rate), name);
  }
  append_counts(text, "Most frequent errors", report.common_errors);
  append_counts(text, "Companies", report.top_companies);
  append_counts(text, "Recipients of more than one message", report.repeat_recipients);
  if (!report.recommendations.empty()) text += "\nRecommendations\n";
  for (const std::string& advice : report.recommendations) text += "  " + advice + '\n';
  return text;
}

}  // namespace parley::outreach
