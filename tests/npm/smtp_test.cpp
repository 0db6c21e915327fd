// E-mail as a real mail server gets it, and what becomes of messages that it does not take. What
// the server does is told by the recipient's name (smtp_server.js).

#include "outreach/channels/smtp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "base/error.h"
#include "support/certificate.h"
#include "support/databases.h"
#include "support/process.h"

namespace parley::outreach {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

class SmtpServer {
 public:
  explicit SmtpServer(SmtpSecurity security = SmtpSecurity::None, const std::string& user = {})
      : certificate_(test::make_certificate()) {
    std::ofstream(authorities()) << certificate_.certificate;
    const char* const word = security == SmtpSecurity::Tls        ? "tls"
                             : security == SmtpSecurity::Starttls ? "starttls"
                                                                  : "none";
    script_.say(to_text(JsonObject{{"security", word},
                                   {"key", certificate_.key},
                                   {"cert", certificate_.certificate},
                                   {"user", user},
                                   {"password", "secret"}}));
    settings = {.host = "localhost",
                .port = static_cast<std::uint16_t>(std::stoi(script_.hear())),
                .security = security,
                .user = user,
                .password = "secret",
                .authorities_file = authorities(),
                .from = {"The Shop", "news@shop.example"}};
  }

  std::string authorities() const { return directory_.path() + "/ca.pem"; }
  /// The next message that it has taken.
  JsonObject taken() { return parse_json(script_.hear()).as_object(); }
  void kill() { script_.kill(); }

  SmtpSettings settings;

 private:
  const test::TemporaryDirectory directory_;
  const test::Certificate certificate_;
  test::NodeScript script_{"smtp_server.js"};
};

class SmtpTest : public testing::Test {
 protected:
  static OutgoingMessage message_to(const std::string& who) {
    return {.log_id = "ann_20250315_" + who,
            .template_id = "t",
            .template_name = "T",
            .recipient = {.name = "Ann", .email = who + "@localhost"},
            .text = {.subject = "Grüße", .content = "Dear Ann,\n.\nall is well.\n"}};
  }
  std::unique_ptr<Carrier> open(const SmtpSettings& settings) {
    return open_smtp(settings, std::chrono::seconds(10), clock_);
  }
  static std::string refusal_of(const SendOutcome& outcome, Refused::Kind kind) {
    const auto* refused = std::get_if<Refused>(&outcome);
    if (refused == nullptr) return "not refused";
    EXPECT_EQ(refused->kind, kind);
    return refused->code + " " + refused->reason;
  }
  static std::string text(const JsonObject& object, std::string_view field) {
    return std::string(object.at(field).as_string());
  }

  SystemClock clock_;
};

TEST_F(SmtpTest, DeliversTextAndHtml) {
  SmtpServer server;
  const auto carrier = open(server.settings);
  const SendOutcome outcome = carrier->send(message_to("ann"));
  ASSERT_TRUE(std::holds_alternative<Accepted>(outcome));
  const JsonObject taken = server.taken();
  EXPECT_EQ(taken.at("from"), "news@shop.example");
  EXPECT_EQ(taken.at("to"), json::array{"ann@localhost"});
  const std::string data = text(taken, "data");
  EXPECT_THAT(data, HasSubstr("Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\r\n"));
  EXPECT_THAT(data, HasSubstr("Message-ID: " + std::get<Accepted>(outcome).message_id + "\r\n"));
  EXPECT_THAT(data, HasSubstr("Dear Ann,\r\n=2E\r\nall is well.\r\n"));
  EXPECT_THAT(data, HasSubstr("Dear Ann,<br>\r\n"));
}

TEST_F(SmtpTest, UsesItsConnectionAgain) {
  SmtpServer server;
  const auto carrier = open(server.settings);
  for (int i = 0; i < 3; ++i) carrier->send(message_to("ann"));
  const std::string first = text(server.taken(), "connection");
  EXPECT_EQ(text(server.taken(), "connection"), first);
  EXPECT_EQ(text(server.taken(), "connection"), first);
}

TEST_F(SmtpTest, MakesANewConnectionWhenTheServerHasClosedTheOldOne) {
  SmtpServer server;
  const auto carrier = open(server.settings);
  EXPECT_TRUE(std::holds_alternative<Accepted>(carrier->send(message_to("close"))));
  EXPECT_TRUE(std::holds_alternative<Accepted>(carrier->send(message_to("ann"))));
  EXPECT_NE(text(server.taken(), "connection"), text(server.taken(), "connection"));
}

TEST_F(SmtpTest, SendsSeveralAtOnce) {
  SmtpServer server;
  const auto carrier = open(server.settings);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back(
        [&] { EXPECT_TRUE(std::holds_alternative<Accepted>(carrier->send(message_to("slow")))); });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> connections;
  for (int i = 0; i < 4; ++i) connections.insert(text(server.taken(), "connection"));
  EXPECT_THAT(connections, SizeIs(4));
}

TEST_F(SmtpTest, TellsWhatIsRefusedForNowFromWhatIsRefusedForGood) {
  SmtpServer server;
  const auto carrier = open(server.settings);
  const auto refusal = [&](const char* who, Refused::Kind kind) {
    return refusal_of(carrier->send(message_to(who)), kind);
  };
  EXPECT_THAT(refusal("later", Refused::Kind::Transient),
              AllOf(StartsWith("451 "), HasSubstr("Greylisted")));
  EXPECT_THAT(refusal("never", Refused::Kind::Permanent),
              AllOf(StartsWith("550 "), HasSubstr("No such user here")));
  EXPECT_THAT(refusal("data-later", Refused::Kind::Transient), StartsWith("452 "));
  EXPECT_THAT(refusal("data-never", Refused::Kind::Permanent),
              AllOf(StartsWith("554 "), HasSubstr("This looks like spam")));
  EXPECT_TRUE(std::holds_alternative<Accepted>(carrier->send(message_to("ann"))));
}

TEST_F(SmtpTest, AConnectionThatEndsBeforeTheMessageHasSentNothing) {
  SmtpServer server;
  const SendOutcome outcome = open(server.settings)->send(message_to("drop"));
  refusal_of(outcome, Refused::Kind::Transient);
  EXPECT_TRUE(std::holds_alternative<Refused>(outcome));
}

TEST_F(SmtpTest, AConnectionThatEndsAfterTheMessageLeavesItUnknown) {
  SmtpServer server;
  EXPECT_TRUE(
      std::holds_alternative<Unknown>(open(server.settings)->send(message_to("drop-data"))));
}

TEST_F(SmtpTest, AServerThatIsAwayIsATransientFailure) {
  SmtpServer server;
  server.kill();
  EXPECT_TRUE(std::holds_alternative<Refused>(open(server.settings)->send(message_to("ann"))));
}

TEST_F(SmtpTest, UpgradesToTlsAndLogsIn) {
  SmtpServer server(SmtpSecurity::Starttls, "shop");
  ASSERT_TRUE(std::holds_alternative<Accepted>(open(server.settings)->send(message_to("ann"))));
  const JsonObject taken = server.taken();
  EXPECT_EQ(taken.at("secure"), true);
  EXPECT_EQ(taken.at("user"), "shop");
}

TEST_F(SmtpTest, SpeaksTlsFromTheStart) {
  SmtpServer server(SmtpSecurity::Tls);
  ASSERT_TRUE(std::holds_alternative<Accepted>(open(server.settings)->send(message_to("ann"))));
  EXPECT_EQ(server.taken().at("secure"), true);
}

TEST_F(SmtpTest, SendsNothingWithoutTheTlsThatIsWanted) {
  SmtpServer server;
  server.settings.security = SmtpSecurity::Starttls;
  EXPECT_TRUE(std::holds_alternative<Refused>(open(server.settings)->send(message_to("ann"))));
}

TEST_F(SmtpTest, TrustsNoCertificateThatItDoesNotKnow) {
  SmtpServer server(SmtpSecurity::Tls);
  server.settings.authorities_file.clear();
  EXPECT_TRUE(std::holds_alternative<Refused>(open(server.settings)->send(message_to("ann"))));
}

TEST_F(SmtpTest, AWrongPasswordIsNoFaultOfTheMessage) {
  SmtpServer server(SmtpSecurity::Starttls, "shop");
  server.settings.password = "wrong";
  EXPECT_THAT(refusal_of(open(server.settings)->send(message_to("ann")), Refused::Kind::Transient),
              StartsWith("535 "));
}

TEST_F(SmtpTest, RefusesAddressesThatAreNone) {
  SmtpServer server;
  OutgoingMessage message = message_to("ann");
  message.recipient.email = "ann@localhost>\r\nRCPT TO:<eve@localhost";
  EXPECT_THAT(refusal_of(open(server.settings)->send(message), Refused::Kind::Permanent),
              HasSubstr("is no address"));
}

}  // namespace
}  // namespace parley::outreach
