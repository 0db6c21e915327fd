#include "app/outreach_run.h"

#include <fmt/format.h>

#include <vector>

#include "app/modules.h"
#include "app/outreach_channels.h"
#include "app/target.h"
#include "base/error.h"
#include "http/message.h"
#include "migrate/adopt.h"
#include "migrate/deployment.h"
#include "migrate/executor.h"
#include "outreach/queueing.h"
#include "outreach/quotas.h"
#include "outreach/sender.h"
#include "outreach/sessions.h"
#include "outreach/tables.h"
#include "store/query.h"
#include "store/store.h"

namespace parley::app {
namespace {

using Create = database::Connection::Create;
using outreach::MessageLogRow;
using outreach::MessageStatus;
using store::equals;

constexpr const char* kModule = "outreach";
/// This process looks for work when it is told to.
constexpr std::chrono::seconds kLookEvery{60};

std::unique_ptr<database::Connection> open(const Configuration& configuration, Create create) {
  return open_namespace(configuration, kModule, create);
}

void prepare_schema(const Configuration& configuration, const Clock& clock) {
  const auto connection = open(configuration, Create::IfMissing);
  const auto definition = definition_of(kModule);
  migrate::Deployment deployment(*connection, definition, clock);
  migrate::take_over(deployment, execute_options(configuration));
  migrate::upgrade_all(deployment, execute_options(configuration));
}

/// A problem is thrown by what serves requests, and has words for people.
template <class Work>
void or_error(const Work& work) {
  try {
    work();
  } catch (const http::Problem& problem) {
    std::string text = problem.detail;
    for (const http::FieldError& error : problem.errors)
      text += fmt::format(" {}: {}", error.pointer, error.message);
    throw Error(ErrorCode::InvalidArgument, text);
  }
}

}  // namespace

struct OutreachRun::State {
  State(const Configuration& configuration, const Clock& clock, Wanted its_wanted)
      : wanted(std::move(its_wanted)),
        settings(sending_settings(configuration)),
        store([configuration] { return open(configuration, Create::Never); }, clock,
              {.readers_max = 1}),
        quotas(settings.quotas, clock.now()),
        sender(outreach::open_outlets(settings.channels, clock), store, quotas, trouble,
               kLookEvery) {}

  std::int64_t count(store::Connection& connection, MessageStatus status) const {
    return store::count(connection, all_of(equals<&MessageLogRow::session_id>(session.session_id),
                                           equals<&MessageLogRow::message_status>(word(status))));
  }

  const Wanted wanted;
  const outreach::SendingSettings settings;
  store::Store store;
  const outreach::Quotas quotas;
  outreach::TroubleLog trouble{store};
  outreach::Sender sender;
  std::string channel;
  outreach::SessionSummaryRow session;
};

OutreachRun::OutreachRun(const Configuration& configuration, const Clock& clock, Wanted wanted) {
  prepare_schema(configuration, clock);
  state_ = std::make_unique<State>(configuration, clock, std::move(wanted));
  const auto* found = state_->sender.find(state_->wanted.channel, state_->wanted.via);
  if (found == nullptr) {
    throw Error(ErrorCode::InvalidArgument,
                fmt::format("No channel '{}' is configured for {}", state_->wanted.via.value_or(""),
                            word(state_->wanted.channel)),
                "docs/guide/sending.md shows how channels are configured.");
  }
  state_->channel = found->name;
}

OutreachRun::~OutreachRun() = default;

std::string OutreachRun::channel() const { return state_->channel; }

const std::string& OutreachRun::session_id() const { return state_->session.session_id; }

void OutreachRun::add(std::span<const outreach::TemplateRecipient> recipients, Purpose purpose) {
  State& state = *state_;
  const outreach::SendRequest request{
      .message = state.wanted.message,
      .recipients = std::vector(recipients.begin(), recipients.end())};
  or_error([&] {
    outreach::SessionSummaryRow session;
    state.store.write_and_wait([&](store::UnitOfWork& unit) {
      const Timestamp now = state.store.now();
      session = state.session;
      if (session.session_id.empty()) {
        session = outreach::start_session(unit, state.wanted.user_id,
                                          {.channel = state.wanted.channel,
                                           .template_name = state.wanted.message.name,
                                           .metadata = {}},
                                          now);
      }
      if (purpose == Purpose::Send) {
        outreach::queue_messages(unit, session, request, state.channel, now);
      } else {
        outreach::log_pending(unit, session, request.message, *request.recipients, now);
      }
    });
    state.session = session;
  });
}

bool OutreachRun::send_some() { return state_->sender.work(state_->channel); }

OutreachRun::Figures OutreachRun::figures() {
  Figures figures;
  state_->store.read_and_wait([&](store::Connection& connection) {
    figures = {};
    for (const MessageStatus status :
         {MessageStatus::Sent, MessageStatus::Delivered, MessageStatus::Read})
      figures.sent += state_->count(connection, status);
    figures.failed = state_->count(connection, MessageStatus::Failed);
    const std::int64_t sending = state_->count(connection, MessageStatus::Sending);
    figures.unknown = store::count(
        connection, all_of(equals<&MessageLogRow::session_id>(state_->session.session_id),
                           equals<&MessageLogRow::message_status>(word(MessageStatus::Sending)),
                           equals<&MessageLogRow::delivery_status>("unknown")));
    figures.waiting = state_->count(connection, MessageStatus::Pending) + sending - figures.unknown;
  });
  return figures;
}

void OutreachRun::end_session() {
  or_error([&] {
    state_->store.write_and_wait([&](store::UnitOfWork& unit) {
      outreach::end_session(unit, state_->wanted.user_id, state_->session.session_id,
                            state_->store.now());
    });
  });
}

}  // namespace parley::app
