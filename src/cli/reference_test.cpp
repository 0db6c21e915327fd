// Help, manual pages and completion of a small program.

#include <gmock/gmock.h>

#include <cstdio>

#include "cli/command_tree.h"
#include "cli/completion.h"
#include "cli/manual.h"

namespace parley::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

Command shop() {
  Command buy{
      .path = "shop buy",
      .help = "Buy it, or don't",
      .heading = "Commands",
      .footer = "Example:\n  shop buy --how-many 2 tea",
      .options = {{.label = "what", .help = "What to buy", .heading = "Words", .is_required = true},
                  {.names = {"-n", "--how-many"},
                   .value = "NUMBER",
                   .help = "How many of it",
                   .heading = "Options"},
                  {.names = {"--no-bag"}, .help = "Without a bag", .heading = "Options"}}};
  return {.path = "shop", .help = "A shop.", .commands = {buy}};
}

TEST(Help, IsLaidOutInTwoColumns) {
  EXPECT_EQ(help_text(shop().commands.front()), R"(Buy it, or don't
Usage: shop buy [OPTIONS] what

Words:
  what                          What to buy

Options:
  -n, --how-many NUMBER         How many of it
  --no-bag                      Without a bag

Example:
  shop buy --how-many 2 tea
)");
  EXPECT_THAT(help_text(shop()), HasSubstr("Commands:\n  buy                           Buy it"));
}

TEST(Manual, SaysWhatTheHelpSays) {
  const std::string page = manual_page(shop().commands.front(), "1.2");
  EXPECT_THAT(page, HasSubstr(".TH SHOP-BUY 1 \"\" \"parley 1.2\""));
  EXPECT_THAT(page, HasSubstr(".B \\-n, \\-\\-how\\-many NUMBER\nHow many of it\n"));
  EXPECT_THAT(page, HasSubstr("shop buy \\-\\-how\\-many 2 tea"));
  EXPECT_THAT(page, HasSubstr(".SH EXIT STATUS"));
}

/// What bash offers for the words so far, the last of which is being typed.
std::string offered(const std::string& words) {
  const std::string script = completion_script(Shell::Bash, shop()) + "\nCOMP_WORDS=(" + words +
                             ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n" +
                             "_shop\necho \"${COMPREPLY[*]}\"\n";
  const std::string file = testing::TempDir() + "/completion.bash";
  std::FILE* out = std::fopen(file.c_str(), "w");
  std::fputs(script.c_str(), out);
  std::fclose(out);
  std::FILE* pipe = ::popen(("bash " + file + " 2>&1").c_str(), "r");
  std::string said;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) said += static_cast<char>(c);
  ::pclose(pipe);
  return said;
}

TEST(Completion, OffersCommandsAndTheirOptionsInBash) {
  EXPECT_EQ(offered("shop ''"), "buy\n");
  EXPECT_EQ(offered("shop buy --"), "--how-many --no-bag\n");
  EXPECT_EQ(offered("shop buy tea --h"), "--how-many\n") << "words of its own are passed over";
  EXPECT_EQ(offered("shop nothing ''"), "buy\n");
}

TEST(Completion, QuotesWhatShellsWouldRead) {
  EXPECT_THAT(completion_script(Shell::Zsh, shop()), HasSubstr("'buy:Buy it, or don'\\''t'"));
  EXPECT_THAT(completion_script(Shell::Fish, shop()),
              HasSubstr("complete -c shop -n \"__shop_at 'shop buy'\" -s n -l how-many -r -d"));
  EXPECT_THAT(completion_script(Shell::Fish, shop()), Not(HasSubstr(" | ")));
}

}  // namespace
}  // namespace parley::cli
