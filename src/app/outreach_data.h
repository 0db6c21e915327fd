#pragma once

// What the command line does with the rows of outreach: reports, exports, retention, health, and
// recipients that become messages to be sent. On a store of its own over the configured namespace,
// which is brought up to date first. One thread.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/configuration.h"
#include "base/clock.h"
#include "outreach/export_format.h"
#include "outreach/records.h"
#include "outreach/report.h"
#include "outreach/report_page.h"
#include "outreach/retention.h"
#include "outreach/settings.h"

namespace parley::app {

class OutreachData {
 public:
  /// Opens the namespace, brought up to date. `clock` outlives the object. Throws what opening and
  /// upgrading throw.
  OutreachData(const Configuration& configuration, const Clock& clock);
  ~OutreachData();
  OutreachData(const OutreachData&) = delete;
  OutreachData& operator=(const OutreachData&) = delete;

  /// The report, computed now.
  outreach::Report report(const std::string& user_id, std::int64_t days);

  /// Hands on the pieces of the export as they are made, with the rows so far.
  using TakePiece = std::function<void(const std::string& piece, std::int64_t rows)>;
  void export_to(const outreach::ExportRequest& request, const std::string& user_id,
                 const TakePiece& take);

  /// How many messages there are in the range of the export; for its progress.
  std::int64_t messages_in(const outreach::ExportRequest& request, const std::string& user_id);

  outreach::Deleted delete_old(const std::string& user_id, std::int64_t days,
                               outreach::Deletion deletion);

  struct Health {
    std::vector<std::pair<std::string, std::int64_t>> tables;
    outreach::SchemaFindings schema;
    std::string file;  ///< Of the database, where it is one.
  };
  Health health();

  /// A session with these messages, pending; its id.
  std::string start_session(const std::string& user_id, outreach::Channel channel,
                            const std::string& template_name);
  void log(const std::string& user_id, std::vector<outreach::Record> records);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace parley::app
