#include "chat/tables.h"

#include "store/tables.h"

namespace parley::chat {
std::vector<schema::Enum> core_enums() {
  return {{std::string(kRole), {"OWNER", "ADMIN", "MEMBER", "VIEWER"}},
          {std::string(kConnectionType), {"POWERBI", "DB"}}};
}

std::vector<schema::Table> core_tables() {
  return {schema::to_table<UserRow>(),       schema::to_table<AccountRow>(),
          schema::to_table<MembershipRow>(), schema::to_table<AgentRow>(),
          schema::to_table<ChatRow>(),       schema::to_table<ChatMessageRow>()};
}

std::vector<schema::Table> support_tables() {
  std::vector<schema::Table> tables = store::store_tables();
  for (schema::Table& own : std::vector<schema::Table>{
           schema::to_table<RefreshTokenRow>(), schema::to_table<InvitationRow>(),
           schema::to_table<EmailVerificationRow>(), schema::to_table<PasswordResetRow>(),
           schema::to_table<AgentCredentialRow>(), schema::to_table<RunRow>()}) {
    tables.push_back(std::move(own));
  }
  return tables;
}

}  // namespace parley::chat
