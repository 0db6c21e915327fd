// parley outreach send: a list and a template become messages, on every engine; what cannot be used
// is named and the rest goes on.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/json.h"
#include "schema/convert.h"
#include "support/databases.h"
#include "support/process.h"

namespace parley::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class OutreachSend : public testing::TestWithParam<TestEngine> {
 protected:
  OutreachSend() {
    write("list.csv",
          "Name;E-Mail;Order\nAnn;ann@x.example;17\nBob;nobody;18\nEve;eve@x.example;19\n");
    write("welcome.html", "Subject: Hi {name}\n<p>Your order {order} is on its way.</p>\n");
  }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(directory_.path() + "/" + name) << text;
  }
  Outcome send(std::vector<std::string> more, const std::string& list = "list.csv") {
    std::vector<std::string> arguments{"outreach",     "send",   list,  "--template",
                                       "welcome.html", "--data", "data"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_parley(arguments, directory_.path(),
                      {{"PARLEY_DATABASE_OUTREACH", database_.url_text()}});
  }
  std::vector<std::string> mails() {
    std::vector<std::string> texts;
    const std::string outbox = directory_.path() + "/data/outbox/email";
    if (!std::filesystem::exists(outbox)) return texts;
    for (const auto& entry : std::filesystem::directory_iterator(outbox)) {
      std::ifstream file(entry.path());
      std::stringstream text;
      text << file.rdbuf();
      texts.push_back(text.str());
    }
    return texts;
  }

  std::vector<std::vector<std::string>> store_rows(const std::string& sql) {
    std::vector<std::vector<std::string>> rows;
    const auto connection = database_.connect();
    auto& statement = connection->prepare(sql);
    statement.execute();
    while (statement.next())
      rows.push_back({text_of(statement.value(0)), text_of(statement.value(1))});
    return rows;
  }
  static std::string text_of(Value value) {
    std::string text;
    schema::from_value(std::move(value), text);
    return text;
  }

  TemporaryDirectory directory_;
  TestDatabase database_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Engines, OutreachSend, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(OutreachSend, WritesToEverybodyWhoCanBeReached) {
  const Outcome outcome = send({"--json"});
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  const Json answer = parse_json(outcome.out);
  EXPECT_EQ(answer.at("sent"), 2);
  EXPECT_EQ(answer.at("failed"), 0);
  EXPECT_EQ(answer.at("broken").at(0).at("line"), 3);
  ASSERT_THAT(mails(), testing::SizeIs(2));
  EXPECT_THAT(mails(), testing::Contains(HasSubstr("<p>Your order 17 is on its way.</p>")));
  EXPECT_THAT(mails(), testing::Contains(HasSubstr("Subject: Hi Eve\r\n")));
}

TEST_P(OutreachSend, LeavesTheSendingToTheServerWhenAskedTo) {
  const Outcome outcome = send({"--queue-only"});
  EXPECT_THAT(outcome.out, HasSubstr("line 3: 'nobody' is no e-mail address\n"));
  EXPECT_THAT(outcome.out, HasSubstr("0 sent, 0 failed, 2 waiting"));
  EXPECT_THAT(mails(), testing::IsEmpty());
}

TEST_P(OutreachSend, OnlyLogsWhatIsImported) {
  const Outcome outcome = run_parley(
      {"outreach", "import", "list.csv", "--template", "welcome.html", "--data", "data", "--json"},
      directory_.path(), {{"PARLEY_DATABASE_OUTREACH", database_.url_text()}});
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  EXPECT_EQ(parse_json(outcome.out).at("recipients"), 2);
  EXPECT_THAT(mails(), testing::IsEmpty());
  const auto rows = store_rows("SELECT message_status, metadata FROM message_logs");
  ASSERT_THAT(rows, testing::SizeIs(2));
  EXPECT_EQ(rows[0][0], "pending");
  EXPECT_THAT(rows[0][1], HasSubstr("\"order\":\"1"));
}

TEST_P(OutreachSend, ShowsTheFirstMessageWithoutSendingAny) {
  const Outcome outcome = send({"--dry-run"});
  EXPECT_THAT(outcome.out, HasSubstr("Hi Ann\n<p>Your order 17 is on its way.</p>"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("Session")));
  EXPECT_THAT(mails(), testing::IsEmpty());
}

TEST_P(OutreachSend, SaysWhatIsWrongWithItsFiles) {
  EXPECT_THAT(send({}, "missing.csv").err, HasSubstr("missing.csv cannot be read"));
  write("odd.csv", "a,b\n1,2\n");
  EXPECT_THAT(send({}, "odd.csv").err, HasSubstr("names no column for the name"));
  EXPECT_THAT(send({"--channel", "pigeon"}).err, HasSubstr("There is no channel 'pigeon'"));
  EXPECT_THAT(send({"--via", "pigeon"}).err, HasSubstr("No channel 'pigeon' is configured"));
}

}  // namespace
}  // namespace parley::test
