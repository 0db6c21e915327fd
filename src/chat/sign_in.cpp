#include "chat/sign_in.h"

#include <map>

#include "base/ids.h"
#include "base/text.h"
#include "store/query.h"

namespace parley::chat {
namespace {

using store::equals;
using store::set;

constexpr std::size_t kUserAgentCharactersMax = 255;
constexpr std::size_t kAddressCharactersMax = 64;

http::Problem void_token() { return http::unauthenticated("Invalid or expired token"); }

std::vector<MembershipRow> membership_rows(database::Connection& connection,
                                           const std::string& user_id) {
  return store::select<MembershipRow>()
      .where(equals<&MembershipRow::user_id>(user_id))
      .order_by<&MembershipRow::created_at>()
      .order_by<&MembershipRow::id>()
      .all(connection);
}

std::optional<MembershipRow> membership_in(database::Connection& connection,
                                           const RefreshTokenRow& login) {
  return store::select<MembershipRow>()
      .where(all_of(equals<&MembershipRow::user_id>(login.user_id),
                    equals<&MembershipRow::account_id>(login.account_id)))
      .first(connection);
}

/// What a client says of itself may be anything; an address may be none.
std::optional<std::string> fitting(const std::string& text, std::size_t characters_max) {
  if (text.empty() || !is_storable_text(text)) return std::nullopt;
  return std::string(first_code_points(text, characters_max));
}

store::Condition<RefreshTokenRow> is_good(const std::string& token, Timestamp now) {
  return all_of(equals<&RefreshTokenRow::token_hash>(hash_of_token(token)),
                store::is_null<&RefreshTokenRow::revoked_at>(),
                store::greater<&RefreshTokenRow::expires_at>(now));
}

bool may_sign_in(const UserRow& user) { return user.is_active && user.email_verified_at; }

}  // namespace

std::optional<UserRow> find_user_by_email(database::Connection& connection,
                                          std::string_view email) {
  const std::string wanted = lower(trim(email));
  auto user = store::select<UserRow>().where(equals<&UserRow::email>(wanted)).first(connection);
  // To MySQL and MariaDB é may equal e: whoever has the one address has not the other.
  if (user && lower(user->email) != wanted) return std::nullopt;
  return user;
}

TokenPair sign_in(database::Connection& connection, const Settings& settings, const UserRow& user,
                  const LoginOrigin& origin, Timestamp now) {
  if (!may_sign_in(user)) throw http::forbidden("Email not verified");
  const std::vector<MembershipRow> memberships = membership_rows(connection, user.id);
  if (memberships.empty()) throw http::forbidden("No account membership");
  const MembershipRow& first = memberships.front();
  const RefreshIdentity identity{
      .user_id = user.id, .account_id = first.account_id, .jti = make_uuid()};
  TokenPair pair{.access_token = make_access_token(settings, first, now),
                 .refresh_token = make_refresh_token(settings, identity, now)};
  store::insert(connection,
                RefreshTokenRow{.id = make_uuid_at(now),
                                .user_id = user.id,
                                .account_id = first.account_id,
                                .jti = identity.jti,
                                .token_hash = hash_of_token(pair.refresh_token),
                                .user_agent = fitting(origin.user_agent, kUserAgentCharactersMax),
                                .ip = fitting(origin.address, kAddressCharactersMax),
                                .expires_at = now + kRefreshLifetime,
                                .revoked_at = {},
                                .created_at = now});
  return pair;
}

TokenPair refresh(database::Connection& connection, const Settings& settings,
                  const std::string& token, Timestamp now) {
  const RefreshIdentity old = read_refresh_token(token, settings, now);
  const auto login =
      store::select<RefreshTokenRow>().where(is_good(token, now)).for_update().first(connection);
  if (!login || login->user_id != old.user_id) throw void_token();
  const auto user =
      store::select<UserRow>().where(equals<&UserRow::id>(login->user_id)).first(connection);
  const auto membership = membership_in(connection, *login);
  if (!user || !may_sign_in(*user) || !membership) throw void_token();
  const RefreshIdentity next{
      .user_id = login->user_id, .account_id = login->account_id, .jti = make_uuid()};
  TokenPair pair{.access_token = make_access_token(settings, *membership, now),
                 .refresh_token = make_refresh_token(settings, next, now)};
  store::update(connection, equals<&RefreshTokenRow::id>(login->id),
                set<&RefreshTokenRow::jti>(next.jti),
                set<&RefreshTokenRow::token_hash>(hash_of_token(pair.refresh_token)),
                set<&RefreshTokenRow::expires_at>(now + kRefreshLifetime));
  return pair;
}

void sign_out(database::Connection& connection, const Settings& settings, const std::string& token,
              Timestamp now) {
  read_refresh_token(token, settings, now);
  store::update(connection, is_good(token, now), set<&RefreshTokenRow::revoked_at>(now));
}

void revoke_tokens(database::Connection& connection, const std::string& user_id, Timestamp now) {
  store::update(connection,
                all_of(equals<&RefreshTokenRow::user_id>(user_id),
                       store::is_null<&RefreshTokenRow::revoked_at>()),
                set<&RefreshTokenRow::revoked_at>(now));
}

void revoke_tokens(database::Connection& connection, const std::string& user_id,
                   const std::string& account_id, Timestamp now) {
  store::update(connection,
                all_of(equals<&RefreshTokenRow::user_id>(user_id),
                       equals<&RefreshTokenRow::account_id>(account_id),
                       store::is_null<&RefreshTokenRow::revoked_at>()),
                set<&RefreshTokenRow::revoked_at>(now));
}

std::vector<OwnMembership> memberships_of(database::Connection& connection,
                                          const std::string& user_id) {
  std::vector<OwnMembership> own;
  std::vector<std::string> account_ids;
  for (MembershipRow& row : membership_rows(connection, user_id)) {
    account_ids.push_back(row.account_id);
    own.push_back({.membership = std::move(row), .account_name = {}});
  }
  std::map<std::string, std::string> names;
  for (AccountRow& account : store::select<AccountRow>()
                                 .where(store::one_of<&AccountRow::id>(account_ids))
                                 .all(connection)) {
    names.emplace(std::move(account.id), std::move(account.name));
  }
  for (OwnMembership& each : own) each.account_name = names[each.membership.account_id];
  return own;
}

}  // namespace parley::chat
