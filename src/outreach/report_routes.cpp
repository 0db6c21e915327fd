#include <fmt/format.h>

#include "base/log.h"
#include "outreach/export.h"
#include "outreach/operations.h"
#include "outreach/report.h"
#include "outreach/requests.h"
#include "outreach/routes.h"
#include "outreach/wire.h"

namespace parley::outreach {
namespace {

using api::Exchange;
using http::Request;
using http::Response;

Prepare stats_with(const Context& context) {
  return [context](const Request&) {
    return api::reading<Caller>([context](database::Connection& connection, const Caller& caller) {
      JsonObject stats = stats_json(quick_stats(connection, context.times.in(connection),
                                                caller.user_id, context.clock.now()));
      stats["database_available"] = true;
      stats["database_path"] = database_path(context, caller);
      stats["operation_count"] = context.store.load().writes;
      return Response::json(200, stats);
    });
  };
}

/// A report on its way: read where it is stored, or made in a read and then stored.
struct ReportInHand {
  ReportRequest wanted;
  std::optional<Report> made;
  std::string text;
};

void find_or_make(const Context& context, database::Connection& connection, const Caller& caller,
                  ReportInHand& report) {
  const Timestamp now = context.store.now();
  const std::string id = report_id_of(caller.user_id, report.wanted.days, now);
  report.made.reset();
  if (!report.wanted.is_forced) {
    if (auto stored = stored_report(connection, id, now)) {
      report.text = *std::move(stored);
      return;
    }
  }
  report.made = make_report(connection, context.times.in(connection), caller.user_id,
                            report.wanted.days, now);
  report.text = report_text(*report.made);
}

http::Handler report_handler(const Context& context) {
  return [context](std::shared_ptr<Request> request, http::Responder responder) {
    const auto admission = identify(context, *request, Scope::Read, Counted::AsRequest);
    const auto report = std::make_shared<ReportInHand>();
    report->wanted = read_report(*request);
    const Exchange exchange(std::move(request), std::move(responder), context.style());
    const auto answer = [exchange, report] {
      exchange.answer(Response::of_text(200, std::move(report->text)));
    };
    api::then_read(
        context.store, exchange,
        [context, admission, report](database::Connection& connection) {
          find_or_make(context, connection, admission.admit(connection), *report);
        },
        [context, exchange, report, answer] {
          if (!report->made) return answer();
          api::then_write(
              context.store, exchange,
              [report](store::UnitOfWork& unit) {
                store_report(unit.connection, *report->made, report->text);
              },
              answer);
        });
  };
}

/// An export that a client takes piece by piece, each read when it is asked for.
class Download : public std::enable_shared_from_this<Download> {
 public:
  Download(const Context& context, const ExportRequest& wanted, const std::string& user_id)
      : context_(context), export_(wanted, user_id, context.clock.now()) {}

  http::BodySource source() {
    return [self = shared_from_this()](const http::GivePiece& give) { self->next(give); };
  }

 private:
  void next(const http::GivePiece& give) {
    context_.store.read(
        [self = shared_from_this()](database::Connection& connection) {
          self->piece_ = self->export_.piece(connection, self->context_.times.in(connection));
        },
        [self = shared_from_this(), give](const std::exception_ptr& error) {
          if (error) return self->cut_off(error);
          self->export_.advance();
          give(std::move(self->piece_));
        });
  }

  /// The client sees that the answer has no end.
  static void cut_off(const std::exception_ptr& error) {
    try {
      std::rethrow_exception(error);
    } catch (const std::exception& reason) {
      log::warning("An export was cut off: {}", reason.what());
    }
  }

  const Context context_;
  Export export_;
  std::string piece_;
};

Prepare export_with(const Context& context) {
  return [context](const Request& request) {
    return api::reading<Caller>([context, wanted = read_export(request)](database::Connection&,
                                                                         const Caller& caller) {
      Response response;
      response.content_type = content_type_of(wanted.format);
      response.body_source = std::make_shared<Download>(context, wanted, caller.user_id)->source();
      return response;
    });
  };
}

}  // namespace

std::vector<http::Route> report_routes(const Context& context) {
  const auto path = [](std::string_view rest) { return fmt::format("{}{}", kPrefix, rest); };
  return {
      {"GET", path("/stats"), endpoint(context, Scope::Read, stats_with(context)),
       operation::show_stats()},
      {"GET", path("/analytics/report"), report_handler(context), operation::show_report()},
      {"GET", path("/export"), endpoint(context, Scope::Read, export_with(context)),
       operation::export_messages()},
  };
}

}  // namespace parley::outreach
