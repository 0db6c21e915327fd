#include "chat/chats.h"

#include <gtest/gtest.h>

namespace parley::chat {
namespace {

TEST(ChatTitle, IsTheQuestionWhenItIsShort) {
  EXPECT_EQ(title_of("  Hello!  "), "Hello!");
  EXPECT_EQ(title_of(std::string(50, 'x')), std::string(50, 'x'));
}

TEST(ChatTitle, HasFiftyCharactersAndThreeDots) {
  EXPECT_EQ(title_of(std::string(51, 'x')), std::string(50, 'x') + "...");
  std::string smiles;
  for (int i = 0; i < 51; ++i) smiles += "😀";
  EXPECT_EQ(title_of(smiles), smiles.substr(0, 200) + "...");
}

TEST(ChatTitle, IsTrimmedBeforeTheDots) {
  EXPECT_EQ(title_of(std::string(49, 'x') + "  and more"), std::string(49, 'x') + "...");
}

}  // namespace
}  // namespace parley::chat
