#include <fmt/format.h>

#include <filesystem>

#include "base/text.h"
#include "outreach/cursor.h"
#include "outreach/operations.h"
#include "outreach/requests.h"
#include "outreach/routes.h"
#include "outreach/system_log.h"
#include "outreach/wire.h"

namespace parley::outreach {
namespace {

using http::Request;
using http::Response;

Prepare list_lines_with(const Context& context) {
  return [context](const Request& request) {
    return api::reading<Caller>([list = read_system_log_list(request, context.clock.now())](
                                    database::Connection& connection, const Caller& caller) {
      const auto found = list_system_logs(connection, caller.user_id, list.filter, list.slice);
      std::vector<std::string> items;
      for (const SystemLogRow& line : found.rows) items.push_back(system_log_text(line));
      std::optional<std::string> next;
      if (found.has_more) {
        next = list_cursor(list.filters, {found.rows.back().timestamp, found.rows.back().id});
      }
      return Response::of_text(200, list_text(items, next));
    });
  };
}

Prepare retention_with(const Context& context) {
  return [context](const Request& request) {
    return api::writing<Caller>(
        [context, wanted = read_retention(request)](store::UnitOfWork& unit, const Caller& caller) {
          const Timestamp now = context.store.now();
          RetentionAnswer answer{.deleted = {},
                                 .cutoff = now - std::chrono::days(wanted.days),
                                 .deletion = wanted.deletion};
          answer.deleted = delete_old(unit.connection, context.times.in(unit.connection),
                                      caller.user_id, answer.cutoff, wanted.deletion);
          if (wanted.deletion == Deletion::ForReal)
            note_deletion(unit.connection, answer.deleted, caller.user_id, wanted.days, now);
          return Response::json(200, retention_json(answer));
        });
  };
}

/// One who may look after the whole database, found out before slow work on another thread: `work`
/// makes the answer, and what it writes to the system log goes there first.
struct Chore {
  JsonObject answer;
  LogLine line;
};
using Work = std::function<Chore(const Request&)>;

http::Handler chore_handler(const Context& context, Work work) {
  return [context, work = std::move(work)](std::shared_ptr<Request> request,
                                           http::Responder responder) {
    const auto admission = identify(context, *request, Scope::Admin, Counted::AsHeavy);
    const api::Exchange exchange(std::move(request), std::move(responder), context.style());
    const auto chore = std::make_shared<Chore>();
    const auto note = [context, exchange, chore] {
      api::then_write(
          context.store, exchange,
          [context, chore](store::UnitOfWork& unit) {
            add_line(unit.connection, chore->line, context.store.now());
          },
          [exchange, chore] { exchange.answer(Response::json(200, std::move(chore->answer))); });
    };
    api::then_read(
        context.store, exchange,
        [admission](database::Connection& connection) { admission.admit(connection); },
        [context, exchange, chore, work, note] {
          api::then_work(context.workers, exchange, [exchange, chore, work, note] {
            *chore = work(exchange.request());
            note();
          });
        });
  };
}

json::array texts(const std::vector<std::string>& list) {
  json::array array;
  for (const std::string& text : list) array.emplace_back(text);
  return array;
}

Work repair_with(const Context& context) {
  return [context](const Request&) -> Chore {
    const RepairOutcome outcome = context.settings.maintenance.repair();
    return {.answer = {{"ok", outcome.issues.empty()},
                       {"issues", texts(outcome.issues)},
                       {"actions", texts(outcome.actions)}},
            .line = {.component = Component::Database,
                     .message = fmt::format("Repaired: {} actions, {} issues left",
                                            outcome.actions.size(), outcome.issues.size()),
                     .details = join(outcome.actions, "\n")}};
  };
}

Work backup_with(const Context& context) {
  return [context](const Request& request) -> Chore {
    const BackupOutcome outcome = context.settings.maintenance.back_up(read_backup_name(request));
    return {.answer = {{"file", outcome.file}, {"size", outcome.bytes}},
            .line = {.component = Component::Database,
                     .message = fmt::format("Backed up to {}", outcome.file)}};
  };
}

/// What of the health only the database can say.
JsonObject counts_of(database::Connection& connection) {
  return {{"message_logs", store::count<MessageLogRow>(connection)},
          {"session_summaries", store::count<SessionSummaryRow>(connection)},
          {"analytics_cache", store::count<AnalyticsCacheRow>(connection)},
          {"system_logs", store::count<SystemLogRow>(connection)},
          {"delivery_records", store::count<DeliveryRecordRow>(connection)}};
}

Json last_maintenance(database::Connection& connection) {
  using store::all_of;
  using store::equals;
  const auto line = store::select<SystemLogRow>()
                        .where(all_of(equals<&SystemLogRow::component>(word(Component::Database)),
                                      equals<&SystemLogRow::level>(word(LogLevel::Info))))
                        .order_by<&SystemLogRow::timestamp>(store::Order::Descending)
                        .first(connection);
  return line ? time_json(line->timestamp) : Json(nullptr);
}

JsonObject health_json(const Context& context, database::Connection& connection,
                       const Caller& caller) {
  std::error_code missing;
  const std::string& file = context.settings.database_file;
  const auto bytes = file.empty() ? 0 : std::filesystem::file_size(file, missing);
  JsonObject health{{"database_available", true},
                    {"database_path", database_path(context, caller)},
                    {"database_exists", true},
                    {"database_size", missing ? 0 : bytes},
                    {"operation_count", context.store.load().writes},
                    {"last_maintenance", last_maintenance(connection)},
                    {"tables", counts_of(connection)},
                    {"indexes", json::array()},
                    {"errors", json::array()}};
  return health;
}

http::Handler health_handler(const Context& context) {
  return [context](std::shared_ptr<Request> request, http::Responder responder) {
    const auto admission = identify(context, *request, Scope::Read, Counted::AsRequest);
    const api::Exchange exchange(std::move(request), std::move(responder), context.style());
    const auto health = std::make_shared<JsonObject>();
    const auto look = [context, exchange, health] {
      const SchemaFindings found = context.settings.maintenance.look();
      (*health)["indexes"] = texts(found.indexes);
      (*health)["errors"] = texts(found.issues);
      exchange.answer(Response::json(200, std::move(*health)));
    };
    api::then_read(
        context.store, exchange,
        [context, admission, health](database::Connection& connection) {
          *health = health_json(context, connection, admission.admit(connection));
        },
        [context, exchange, look] { api::then_work(context.workers, exchange, look); });
  };
}

template <class Enum>
json::array words() {
  json::array list;
  for (const std::string_view each : words_of<Enum>) list.emplace_back(each);
  return list;
}

JsonObject vocabulary_json() {
  return {{"channel", words<Channel>()},
          {"preferred_channel", json::array{"email", "whatsapp", "both"}},
          {"message_status", words<MessageStatus>()},
          {"delivery_status", words<DeliveryStatus>()},
          {"level", words<LogLevel>()},
          {"component", words<Component>()},
          {"quota_type", words<QuotaType>()},
          {"split_strategy", words<SplitStrategy>()}};
}

Task vocabulary(const Request&) {
  return api::reading<Caller>(
      [](database::Connection&, const Caller&) { return Response::json(200, vocabulary_json()); });
}

}  // namespace

Json database_path(const Context& context, const Caller& caller) {
  const std::string& file = context.settings.database_file;
  return caller.is_admin && !file.empty() ? Json(json::string(file)) : Json(nullptr);
}

std::vector<http::Route> upkeep_routes(const Context& context) {
  const auto path = [](std::string_view rest) { return fmt::format("{}{}", kPrefix, rest); };
  return {
      {"GET", path("/system-logs"), endpoint(context, Scope::Read, list_lines_with(context)),
       operation::list_system_logs()},
      {"POST", path("/retention"),
       endpoint(context, Scope::Write, retention_with(context), Counted::AsHeavy),
       operation::delete_old()},
      {"GET", path("/health"), health_handler(context), operation::show_health()},
      {"POST", path("/maintenance/repair"), chore_handler(context, repair_with(context)),
       operation::repair()},
      {"POST", path("/maintenance/backup"), chore_handler(context, backup_with(context)),
       operation::back_up()},
      {"GET", path("/vocabulary"), endpoint(context, Scope::Read, vocabulary),
       operation::show_vocabulary()},
  };
}

}  // namespace parley::outreach
