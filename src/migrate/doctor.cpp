#include "migrate/doctor.h"

#include <fmt/format.h>

#include <tuple>

#include "base/error.h"
#include "base/text.h"
#include "dialect/privileges.h"
#include "migrate/lock.h"

namespace parley::migrate {
namespace {

/// The oldest versions whose behaviour is relied on: CHECK constraints that are enforced and can be
/// dropped, RENAME COLUMN, DROP COLUMN.
struct MinimumVersion {
  std::string_view product;
  int major;
  int minor;
  int patch;
};
constexpr MinimumVersion kMinimumVersions[] = {
    {"SQLite", 3, 35, 0}, {"PostgreSQL", 12, 0, 0}, {"MariaDB", 10, 5, 2}, {"MySQL", 8, 0, 16}};

class Examination {
 public:
  explicit Examination(Deployment& deployment)
      : deployment_(deployment), connection_(deployment.connection()) {}

  std::vector<Symptom> run() {
    examine_version();
    examine_privileges();
    for (const dialect::Concern& each : deployment_.dialect().concerns(connection_)) {
      say("settings", Health::Attention, each.what, each.way_out);
    }
    examine_lock();
    examine_half_done();
    examine_state();
    return std::move(symptoms_);
  }

 private:
  std::string command(std::string_view verb) const {
    const std::string& name = deployment_.definition().name;
    return fmt::format("parley db {}{}", verb,
                       name.empty() ? " --url … --dir …" : " --module " + name);
  }

  void say(std::string subject, Health health, std::string finding, std::string next = {}) {
    symptoms_.push_back({std::move(subject), health, std::move(finding), std::move(next)});
  }

  void examine_version() {
    const database::ServerVersion version = connection_.version();
    const std::string text =
        fmt::format("{} {}.{}.{}", version.product, version.major, version.minor, version.patch);
    for (const MinimumVersion& minimum : kMinimumVersions) {
      if (minimum.product != version.product) continue;
      const bool is_old = std::tie(version.major, version.minor, version.patch) <
                          std::tie(minimum.major, minimum.minor, minimum.patch);
      if (!is_old) continue;
      return say("connection", Health::Broken,
                 fmt::format("{} is older than {}.{}.{}, the oldest that is supported", text,
                             minimum.major, minimum.minor, minimum.patch));
    }
    say("connection", Health::Good,
        fmt::format("{} answers at {}", text, connection_.url().redacted()));
  }

  void examine_privileges() {
    const dialect::Privileges privileges = dialect::privileges_of(connection_);
    if (!privileges.can_write) {
      return say("privileges", Health::Attention,
                 "This login only reads: verify, plan and check work, nothing that changes does");
    }
    if (!privileges.can_create) {
      return say("privileges", Health::Attention,
                 "This login may write rows, but not create tables: it can serve, not upgrade");
    }
    say("privileges", Health::Good,
        privileges.can_create_namespace
            ? "This login may create tables, and scratch namespaces to prove plans in"
            : "This login may create tables; plans cannot be proved, because it may not create a "
              "scratch namespace");
  }

  void examine_lock() {
    const auto owner = deployment_.journal().lock_owner();
    if (!owner) return say("lock", Health::Good, "Nobody holds the schema lock");
    const std::string holder = describe_holder(*owner, deployment_.clock().now());
    say("lock", Health::Attention,
        fmt::format(
            "The owner row names {}. If that process is gone, the next command that changes "
            "the schema takes the lock over by itself",
            holder));
  }

  void examine_half_done() {
    const auto entry = deployment_.journal().half_done();
    if (!entry) return say("half-done work", Health::Good, "No run was left half done");
    say("half-done work", Health::Broken,
        fmt::format("The {} of {} that {} began at {} UTC was not finished{}", entry->action,
                    entry->revision, entry->who, format_sql(entry->started_at),
                    entry->error ? ": " + *entry->error : ""),
        command(entry->action == "downgrade" ? "downgrade " + entry->revision + "-1" : "upgrade"));
  }

  void examine_state() {
    try {
      const State state = deployment_.state();
      examine_revisions(state);
      if (state.standing != Standing::Empty) examine_drift(state);
    } catch (const Error& error) {
      say("revisions", Health::Broken, error.what(), error.hint());
    }
  }

  void examine_revisions(const State& state) {
    if (state.standing == Standing::Empty) {
      return say("revisions", Health::Attention, "The namespace is empty", command("upgrade"));
    }
    if (state.standing == Standing::Unmarked) {
      return say("revisions", Health::Broken,
                 "The tables are there, but nothing says by which revisions", command("adopt"));
    }
    const auto pending = deployment_.pending(state);
    if (pending.empty()) {
      return say("revisions", Health::Good,
                 fmt::format("All {} revisions are applied", state.applied.size()));
    }
    say("revisions", Health::Attention,
        fmt::format("{} {} pending, the first is {}", pending.size(),
                    pending.size() == 1 ? "revision is" : "revisions are", pending.front()->id),
        command("upgrade"));
  }

  void examine_drift(const State& state) {
    const DriftReport report = deployment_.drift(state);
    const std::size_t notes = report.count(Level::Note);
    const std::size_t count = report.differences.size() - notes;
    if (count == 0) {
      return say("drift", Health::Good,
                 notes == 0 ? std::string("The live schema is the recorded one")
                            : fmt::format("The live schema is the recorded one, with {} {} that "
                                          "harm nothing",
                                          notes, notes == 1 ? "difference" : "differences"));
    }
    say("drift", report.is_workable() ? Health::Attention : Health::Broken,
        fmt::format("{} {} between the live schema and the recorded one, the first: {}", count,
                    count == 1 ? "difference" : "differences",
                    trim(to_text(report.differences.front()))),
        command("repair"));
  }

  Deployment& deployment_;
  database::Connection& connection_;
  std::vector<Symptom> symptoms_;
};

}  // namespace

std::string_view name_of(Health health) {
  switch (health) {
    case Health::Good: return "good";
    case Health::Attention: return "attention";
    case Health::Broken: return "broken";
  }
  return "";
}

std::vector<Symptom> diagnose(Deployment& deployment) { return Examination(deployment).run(); }

}  // namespace parley::migrate
