#include "app/outreach_data.h"

#include "app/modules.h"
#include "app/outreach_settings.h"
#include "app/target.h"
#include "migrate/adopt.h"
#include "migrate/deployment.h"
#include "migrate/executor.h"
#include "outreach/export.h"
#include "outreach/known_times.h"
#include "outreach/messages.h"
#include "outreach/sessions.h"
#include "store/query.h"
#include "store/store.h"

namespace parley::app {
namespace {

using Create = database::Connection::Create;

constexpr const char* kModule = "outreach";

void prepare_schema(const Configuration& configuration, const Clock& clock) {
  const auto connection = open_namespace(configuration, kModule, Create::IfMissing);
  const auto definition = definition_of(kModule);
  migrate::Deployment deployment(*connection, definition, clock);
  migrate::take_over(deployment, execute_options(configuration));
  migrate::upgrade_all(deployment, execute_options(configuration));
}

template <schema::Declared Row>
std::pair<std::string, std::int64_t> counted(database::Connection& connection) {
  return {std::string(schema::table_name<Row>()), store::count<Row>(connection)};
}

}  // namespace

struct OutreachData::State {
  State(const Configuration& configuration, const Clock& system_clock)
      : settings(outreach_settings(configuration)),
        clock(system_clock),
        store([configuration] { return open_namespace(configuration, kModule, Create::Never); },
              system_clock, {.readers_max = 1}),
        times(store) {}

  const outreach::Settings settings;
  const Clock& clock;
  store::Store store;
  const outreach::KnownTimes times;
};

OutreachData::OutreachData(const Configuration& configuration, const Clock& clock) {
  prepare_schema(configuration, clock);
  state_ = std::make_unique<State>(configuration, clock);
}

OutreachData::~OutreachData() = default;

outreach::Report OutreachData::report(const std::string& user_id, std::int64_t days) {
  outreach::Report report;
  state_->store.read_and_wait([&](database::Connection& connection) {
    report = outreach::make_report(connection, state_->times.in(connection), user_id, days,
                                   state_->store.now());
  });
  return report;
}

void OutreachData::export_to(const outreach::ExportRequest& request, const std::string& user_id,
                             const TakePiece& take) {
  outreach::Export document(request, user_id, state_->clock.now());
  std::string piece;
  do {
    state_->store.read_and_wait([&](database::Connection& connection) {
      piece = document.piece(connection, state_->times.in(connection));
    });
    document.advance();
    take(piece, document.rows());
  } while (!piece.empty());
}

std::int64_t OutreachData::messages_in(const outreach::ExportRequest& request,
                                       const std::string& user_id) {
  std::int64_t messages = 0;
  const Timestamp since = state_->clock.now() - std::chrono::days(request.days);
  state_->store.read_and_wait([&](database::Connection& connection) {
    messages = store::count(
        connection, store::all_of(store::equals<&outreach::MessageLogRow::user_id>(user_id),
                                  outreach::logged_since(state_->times.in(connection), since)));
  });
  return messages;
}

outreach::Deleted OutreachData::delete_old(const std::string& user_id, std::int64_t days,
                                           outreach::Deletion deletion) {
  outreach::Deleted deleted;
  const Timestamp cutoff = state_->store.now() - std::chrono::days(days);
  state_->store.write_and_wait([&](store::UnitOfWork& unit) {
    deleted = outreach::delete_old(unit.connection, state_->times.in(unit.connection), user_id,
                                   cutoff, deletion);
    if (deletion == outreach::Deletion::ForReal)
      outreach::note_deletion(unit.connection, deleted, user_id, days, state_->store.now());
  });
  return deleted;
}

OutreachData::Health OutreachData::health() {
  Health health{.tables = {},
                .schema = state_->settings.maintenance.look(),
                .file = state_->settings.database_file};
  state_->store.read_and_wait([&](database::Connection& connection) {
    health.tables = {counted<outreach::MessageLogRow>(connection),
                     counted<outreach::SessionSummaryRow>(connection),
                     counted<outreach::AnalyticsCacheRow>(connection),
                     counted<outreach::SystemLogRow>(connection),
                     counted<outreach::DeliveryRecordRow>(connection)};
  });
  return health;
}

std::string OutreachData::start_session(const std::string& user_id, outreach::Channel channel,
                                        const std::string& template_name) {
  std::string id;
  state_->store.write_and_wait([&](store::UnitOfWork& unit) {
    id = outreach::start_session(
             unit, user_id, {.channel = channel, .template_name = template_name, .metadata = {}},
             state_->store.now())
             .session_id;
  });
  return id;
}

void OutreachData::log(const std::string& user_id, std::vector<outreach::Record> records) {
  outreach::Logging logging;
  logging.user_id = user_id;
  logging.records = std::move(records);
  state_->store.write_and_wait([&](store::UnitOfWork& unit) {
    outreach::Logging* const items[] = {&logging};
    outreach::log_messages(unit, items, state_->store.now());
    if (logging.error) std::rethrow_exception(logging.error);
  });
}

}  // namespace parley::app
