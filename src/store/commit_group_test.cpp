#include "store/commit_group.h"

#include <gmock/gmock.h>

#include <future>
#include <map>

#include "base/log.h"
#include "store/query.h"
#include "support/create_table.h"
#include "support/databases.h"
#include "support/errors.h"

namespace parley::store {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;

struct NoteRow {
  std::string text;
};

}  // namespace
}  // namespace parley::store

template <>
inline constexpr auto parley::schema::declaration<parley::store::NoteRow> =
    parley::schema::table<parley::store::NoteRow>(
        "notes", columns(column<&store::NoteRow::text>("text", word::string(60)).primary_key()));

namespace parley::store {
namespace {

/// A connection whose `commit` can be made to fail: it first does what the test says.
class FaultyConnection final : public database::Connection {
 public:
  FaultyConnection(std::unique_ptr<database::Connection> inner,
                   std::function<void(Connection&)> before_commit)
      : inner_(std::move(inner)), before_commit_(std::move(before_commit)) {}

  database::Statement& prepare(std::string_view sql) override { return inner_->prepare(sql); }
  void execute(std::string_view sql) override { inner_->execute(sql); }
  void begin() override { inner_->begin(); }
  void begin_read() override { inner_->begin_read(); }
  void commit() override {
    before_commit_(*inner_);
    inner_->commit();
  }
  void rollback() override { inner_->rollback(); }
  bool in_transaction() const override { return inner_->in_transaction(); }
  database::ServerVersion version() const override { return inner_->version(); }
  const database::Url& url() const override { return inner_->url(); }
  std::int64_t last_insert_id() override { return inner_->last_insert_id(); }
  void use_namespace(const std::string& name, Create create) override {
    inner_->use_namespace(name, create);
  }
  bool try_lock(const std::string& name) override { return inner_->try_lock(name); }
  void unlock(const std::string& name) override { inner_->unlock(name); }
  bool is_alive() override { return inner_->is_alive(); }
  bool is_lost() override { return inner_->is_lost(); }

 private:
  std::unique_ptr<database::Connection> inner_;
  std::function<void(Connection&)> before_commit_;
};

Work note(std::string text) {
  return [text](database::Connection& connection) { insert(connection, NoteRow{text}); };
}

class CommitGroupTest : public testing::TestWithParam<test::TestEngine> {
 protected:
  CommitGroupTest() {
    log::set_level(log::Level::Off);
    test::create_table<NoteRow>(*reader);
    restart();
  }

  void restart(std::size_t waiting_max = 1000, std::size_t batch_max = 1000) {
    group.reset();
    group = std::make_unique<CommitGroup>(
        open(), [this] { return open(); },
        CommitGroupOptions{
            .waiting_max = waiting_max, .batch_max = batch_max, .now = [] { return Timestamp(); }});
  }
  std::unique_ptr<database::Connection> open() {
    ++connections_opened;
    return std::make_unique<FaultyConnection>(
        database.connect(), [this](database::Connection& inner) { before_commit(inner); });
  }

  /// Submits the work; the future has the code of its error, or nothing.
  std::future<std::optional<ErrorCode>> submit(Work work) {
    auto promise = std::make_shared<std::promise<std::optional<ErrorCode>>>();
    auto outcome = promise->get_future();
    group->submit({.work = std::move(work), .done = [promise](const std::exception_ptr& error) {
                     promise->set_value(test::code_of([&] {
                       if (error) std::rethrow_exception(error);
                     }));
                   }});
    return outcome;
  }

  /// Submits all works so that they share one transaction; returns the outcomes in their order.
  std::vector<std::optional<ErrorCode>> run_together(std::vector<Work> works) {
    std::promise<void> has_begun;
    std::promise<void> all_are_waiting;
    auto first = submit([&](database::Connection&) {
      has_begun.set_value();
      all_are_waiting.get_future().wait();
    });
    has_begun.get_future().wait();
    std::vector<std::future<std::optional<ErrorCode>>> waiting;
    for (Work& work : works) waiting.push_back(submit(std::move(work)));
    all_are_waiting.set_value();
    EXPECT_EQ(first.get(), std::nullopt);
    std::vector<std::optional<ErrorCode>> outcomes;
    for (auto& each : waiting) outcomes.push_back(each.get());
    return outcomes;
  }

  std::vector<std::string> notes() {
    std::vector<std::string> texts;
    for (const NoteRow& row : select<NoteRow>().order_by<&NoteRow::text>().all(*reader)) {
      texts.push_back(row.text);
    }
    return texts;
  }

  /// Ends another connection the way an administrator or a crash of its server process does.
  void kill(database::Connection& victim) {
    const bool is_postgresql = GetParam() == test::TestEngine::Postgresql;
    const std::int64_t id = database::integer_of(
        database::query(victim,
                        is_postgresql ? "SELECT pg_backend_pid()" : "SELECT CONNECTION_ID()", {})
            .at(0)
            .at(0));
    if (is_postgresql) {
      database::query(*reader, "SELECT pg_terminate_backend(CAST(? AS INTEGER), 5000)", {id});
    } else {
      reader->execute("KILL " + std::to_string(id));
    }
  }

  test::TestDatabase database{GetParam()};
  std::unique_ptr<database::Connection> reader = database.connect();
  std::function<void(database::Connection&)> before_commit = [](database::Connection&) {};
  int connections_opened = 0;
  std::unique_ptr<CommitGroup> group;
};

INSTANTIATE_TEST_SUITE_P(Engines, CommitGroupTest, testing::ValuesIn(test::all_engines()),
                         test::engine_name<testing::TestParamInfo<test::TestEngine>>);

/// For engines that have a server to lose.
class LostConnectionTest : public CommitGroupTest {};
INSTANTIATE_TEST_SUITE_P(Servers, LostConnectionTest,
                         testing::Values(test::TestEngine::Postgresql, test::TestEngine::Mariadb),
                         test::engine_name<testing::TestParamInfo<test::TestEngine>>);

constexpr std::optional<ErrorCode> kDone = std::nullopt;

TEST_P(CommitGroupTest, WaitingWritesShareOneCommit) {
  int commits = 0;
  before_commit = [&](database::Connection&) { ++commits; };
  EXPECT_THAT(run_together({note("a"), note("b"), note("c")}), ElementsAre(kDone, kDone, kDone));
  EXPECT_EQ(commits, 2) << "one for the write that held the others up, one for all others";
  EXPECT_THAT(notes(), ElementsAre("a", "b", "c"));
}

TEST_P(CommitGroupTest, BatchIsNotLargerThanAllowed) {
  restart(1000, 2);
  int commits = 0;
  before_commit = [&](database::Connection&) { ++commits; };
  run_together({note("a"), note("b"), note("c")});
  EXPECT_GE(commits, 3);
  EXPECT_THAT(notes(), ElementsAre("a", "b", "c"));
}

TEST_P(CommitGroupTest, FailingWriteFailsAlone) {
  const Work twice = [](database::Connection& connection) {
    insert(connection, NoteRow{"half"});
    insert(connection, NoteRow{"a"});
  };
  EXPECT_THAT(run_together({note("a"), twice, note("b")}),
              ElementsAre(kDone, Optional(ErrorCode::UniqueViolation), kDone));
  EXPECT_THAT(notes(), ElementsAre("a", "b"));
}

TEST_P(CommitGroupTest, FailingWriteAloneLeavesNothing) {
  const Work fails = [](database::Connection& connection) {
    insert(connection, NoteRow{"half"});
    throw Error(ErrorCode::Conflict, "no");
  };
  EXPECT_EQ(submit(fails).get(), ErrorCode::Conflict);
  EXPECT_EQ(submit(note("b")).get(), kDone);
  EXPECT_THAT(notes(), ElementsAre("b"));
}

TEST_P(CommitGroupTest, WriteThatSwallowsItsErrorDoesNoHarmToOthers) {
  const Work swallows = [](database::Connection& connection) {
    test::code_of([&] { insert(connection, NoteRow{"a"}); });
  };
  const auto outcomes = run_together({note("a"), swallows, note("b")});
  EXPECT_EQ(outcomes.at(0), kDone);
  EXPECT_EQ(outcomes.at(2), kDone);
  EXPECT_THAT(notes(), ElementsAre("a", "b"));
}

TEST_P(CommitGroupTest, AnyExceptionIsHandedOver) {
  std::promise<std::string> promise;
  group->submit({.work = [](database::Connection&) { throw std::runtime_error("broken"); },
                 .done =
                     [&](const std::exception_ptr& error) {
                       try {
                         std::rethrow_exception(error);
                       } catch (const std::runtime_error& caught) {
                         promise.set_value(caught.what());
                       }
                     }});
  EXPECT_EQ(promise.get_future().get(), "broken");
}

TEST_P(CommitGroupTest, DoneComesAfterTheCommit) {
  std::promise<bool> promise;
  group->submit({.work = note("a"), .done = [&](const std::exception_ptr&) {
                   promise.set_value(exists(*database.connect(), equals<&NoteRow::text>("a")));
                 }});
  EXPECT_TRUE(promise.get_future().get());
}

TEST_P(CommitGroupTest, ThrowingDoneStopsNobody) {
  group->submit({.work = note("a"),
                 .done = [](const std::exception_ptr&) { throw std::runtime_error("careless"); }});
  EXPECT_EQ(submit(note("b")).get(), kDone);
}

TEST_P(CommitGroupTest, FullQueueRefusesAtOnce) {
  restart(2);
  std::promise<void> go_on;
  std::promise<void> has_begun;
  auto running = submit([&](database::Connection&) {
    has_begun.set_value();
    go_on.get_future().wait();
  });
  has_begun.get_future().wait();
  auto first = submit(note("a"));
  auto second = submit(note("b"));
  auto refused = submit(note("c"));
  EXPECT_EQ(refused.get(), ErrorCode::Unavailable) << "while the writer is still busy";
  go_on.set_value();
  EXPECT_EQ(running.get(), kDone);
  EXPECT_EQ(first.get(), kDone);
  EXPECT_EQ(second.get(), kDone);
  EXPECT_THAT(notes(), ElementsAre("a", "b"));
}

TEST_P(CommitGroupTest, DestructorFinishesWhatWasSubmitted) {
  std::vector<std::future<std::optional<ErrorCode>>> outcomes;
  for (int i = 0; i < 200; ++i) outcomes.push_back(submit(note(std::to_string(i))));
  group.reset();
  for (auto& each : outcomes) EXPECT_EQ(each.get(), kDone);
  EXPECT_EQ(notes().size(), 200U);
}

TEST_P(CommitGroupTest, FailedCommitIsTheErrorOfAll) {
  int commits = 0;
  before_commit = [&](database::Connection&) {
    if (++commits == 2) throw Error(ErrorCode::DiskFull, "no room");
  };
  EXPECT_THAT(run_together({note("a"), note("b")}), Each(Optional(ErrorCode::DiskFull)));
  EXPECT_EQ(commits, 2) << "not tried again";
  EXPECT_THAT(notes(), IsEmpty());
  EXPECT_EQ(submit(note("c")).get(), kDone);
}

TEST_P(CommitGroupTest, UnknownOutcomeIsTheErrorOfAllAndIsNotRepeated) {
  int commits = 0;
  before_commit = [&](database::Connection& inner) {
    if (++commits != 2) return;
    inner.commit();
    throw Error(ErrorCode::ConnectionLost, "the answer to COMMIT did not arrive");
  };
  EXPECT_THAT(run_together({note("a"), note("b")}), Each(Optional(ErrorCode::ConnectionLost)));
  EXPECT_EQ(commits, 2);
}

TEST_P(CommitGroupTest, TransactionThatWasSurelyUndoneRunsAgain) {
  for (const ErrorCode code :
       {ErrorCode::Deadlock, ErrorCode::SerializationFailure, ErrorCode::Busy}) {
    int commits = 0;
    before_commit = [&](database::Connection&) {
      if (++commits == 2) throw Error(code, "try again");
    };
    const std::string name = std::to_string(static_cast<int>(code));
    EXPECT_THAT(run_together({note(name + " a"), note(name + " b")}), Each(kDone)) << name;
    EXPECT_EQ(commits, 3) << name;
    EXPECT_TRUE(exists(*reader, equals<&NoteRow::text>(name + " a"))) << name;
  }
}

TEST_P(CommitGroupTest, DeadlockOfOneWriteRunsTheBatchAgain) {
  std::map<std::string, int> runs;
  const auto counted = [&](std::string text, int failures) -> Work {
    return [&, text, failures](database::Connection& connection) {
      insert(connection, NoteRow{text});
      if (++runs[text] <= failures) throw Error(ErrorCode::Deadlock, "deadlock");
    };
  };
  EXPECT_THAT(run_together({counted("a", 0), counted("b", 1)}), Each(kDone));
  EXPECT_EQ(runs["a"], 2);
  EXPECT_EQ(runs["b"], 2);
  EXPECT_THAT(notes(), ElementsAre("a", "b"));
}

TEST_P(CommitGroupTest, WriteThatNeverGetsThroughFailsAloneInTheEnd) {
  const Work never = [](database::Connection& connection) {
    insert(connection, NoteRow{"never"});
    throw Error(ErrorCode::Deadlock, "deadlock");
  };
  EXPECT_THAT(run_together({note("a"), never, note("b")}),
              ElementsAre(kDone, Optional(ErrorCode::Deadlock), kDone));
  EXPECT_THAT(notes(), ElementsAre("a", "b"));
}

struct NoteItem final : BulkItem {
  explicit NoteItem(std::string its_text) : text(std::move(its_text)) {}
  std::string text;
};

/// Inserts the notes of all items, and refuses those called `refused`.
class BulkTest : public CommitGroupTest {
 protected:
  Work holding_up() {
    return [this](database::Connection&) {
      has_begun.set_value();
      all_are_waiting.get_future().wait();
    };
  }

  /// Runs the texts as items that wait together; returns their outcomes.
  std::vector<std::optional<ErrorCode>> run_items(const std::vector<std::string>& texts) {
    auto first = submit(holding_up());
    has_begun.get_future().wait();
    std::vector<std::future<std::optional<ErrorCode>>> waiting;
    for (const std::string& text : texts) {
      auto promise = std::make_shared<std::promise<std::optional<ErrorCode>>>();
      waiting.push_back(promise->get_future());
      group->submit({.work = {},
                     .done =
                         [promise](const std::exception_ptr& error) {
                           promise->set_value(test::code_of([&] {
                             if (error) std::rethrow_exception(error);
                           }));
                         },
                     .bulk = insert_notes,
                     .item = std::make_shared<NoteItem>(text)});
    }
    all_are_waiting.set_value();
    first.get();
    std::vector<std::optional<ErrorCode>> outcomes;
    for (auto& each : waiting) outcomes.push_back(each.get());
    return outcomes;
  }

  std::promise<void> has_begun;
  std::promise<void> all_are_waiting;
  std::vector<std::size_t> runs;  ///< The number of items of each run.
  std::shared_ptr<const BulkWork> insert_notes =
      std::make_shared<BulkWork>([this](UnitOfWork& unit, std::span<BulkItem* const> items) {
        runs.push_back(items.size());
        std::vector<NoteRow> rows;
        for (BulkItem* item : items) {
          const auto& wanted = static_cast<NoteItem&>(*item);
          if (wanted.text == "refused") {
            item->error = std::make_exception_ptr(Error(ErrorCode::Forbidden, "refused"));
          } else {
            rows.push_back({wanted.text});
          }
        }
        insert_many(unit.connection, rows);
      });
};
INSTANTIATE_TEST_SUITE_P(Engines, BulkTest, testing::ValuesIn(test::all_engines()),
                         test::engine_name<testing::TestParamInfo<test::TestEngine>>);

TEST_P(BulkTest, WaitingItemsRunOnceTogether) {
  EXPECT_THAT(run_items({"a", "b", "c"}), Each(kDone));
  EXPECT_THAT(runs, ElementsAre(3));
  EXPECT_THAT(notes(), ElementsAre("a", "b", "c"));
}

TEST_P(BulkTest, RefusedItemFailsAlone) {
  EXPECT_THAT(run_items({"a", "refused", "c"}),
              ElementsAre(kDone, Optional(ErrorCode::Forbidden), kDone));
  EXPECT_THAT(runs, ElementsAre(3));
  EXPECT_THAT(notes(), ElementsAre("a", "c"));
}

TEST_P(BulkTest, RunThatFailsIsDoneItemByItem) {
  EXPECT_THAT(run_items({"a", "a", "c"}),
              ElementsAre(kDone, Optional(ErrorCode::UniqueViolation), kDone));
  EXPECT_THAT(runs, ElementsAre(3, 1, 1, 1));
  EXPECT_THAT(notes(), ElementsAre("a", "c"));
}

TEST_P(CommitGroupTest, AfterAFailedFlushOneWriteAtATimeIsLetThrough) {
  bool is_broken = true;
  int commits = 0;
  before_commit = [&](database::Connection&) {
    if (++commits > 1 && is_broken) throw Error(ErrorCode::DatabaseFailure, "the disk is gone");
  };
  EXPECT_THAT(run_together({note("a"), note("b")}), Each(Optional(ErrorCode::DatabaseFailure)));
  EXPECT_EQ(submit(note("c")).get(), ErrorCode::DatabaseFailure);
  is_broken = false;
  EXPECT_EQ(submit(note("d")).get(), kDone);
  EXPECT_THAT(run_together({note("e"), note("f")}), Each(kDone));
  EXPECT_THAT(notes(), ElementsAre("d", "e", "f"));
}

TEST_P(LostConnectionTest, IsReplacedWhenKilledWhileIdle) {
  database::Connection* writer = nullptr;
  submit([&](database::Connection& connection) { writer = &connection; }).get();
  kill(*writer);
  EXPECT_EQ(submit(note("a")).get(), kDone);
  EXPECT_EQ(connections_opened, 2);
  EXPECT_THAT(notes(), ElementsAre("a"));
}

TEST_P(LostConnectionTest, LosesNoWriteInsideATransaction) {
  const Work killed_once = [&, is_first = true](database::Connection& connection) mutable {
    insert(connection, NoteRow{"b"});
    if (std::exchange(is_first, false)) kill(connection);
  };
  EXPECT_THAT(run_together({note("a"), killed_once, note("c")}), Each(kDone));
  EXPECT_EQ(connections_opened, 2);
  EXPECT_THAT(notes(), ElementsAre("a", "b", "c"));
}

TEST_P(LostConnectionTest, IsCertainlyUndoneWhenNoticedBeforeCommit) {
  const Work killed_once = [&, is_first = true](database::Connection& connection) mutable {
    insert(connection, NoteRow{"a"});
    if (std::exchange(is_first, false)) kill(connection);
  };
  EXPECT_EQ(submit(killed_once).get(), kDone);
  EXPECT_THAT(notes(), ElementsAre("a"));
}

TEST_P(LostConnectionTest, WriteThatCausesItFailsAlone) {
  const Work killer = [&](database::Connection& connection) {
    insert(connection, NoteRow{"killer"});
    kill(connection);
  };
  EXPECT_THAT(run_together({note("a"), killer, note("b")}),
              ElementsAre(kDone, Optional(ErrorCode::ConnectionLost), kDone));
  EXPECT_THAT(notes(), ElementsAre("a", "b"));
}

}  // namespace
}  // namespace parley::store
