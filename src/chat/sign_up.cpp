#include "chat/sign_up.h"

#include "base/ids.h"
#include "base/text.h"
#include "chat/auth.h"
#include "chat/events.h"
#include "chat/members.h"
#include "chat/problems.h"
#include "chat/sign_in.h"
#include "store/query.h"

namespace parley::chat {
namespace {

using store::equals;
using store::set;

constexpr std::size_t kAccountNameCharactersMax = 255;

http::Problem bad_invitation() {
  return http::bad_request("The invitation is invalid, expired or accepted already");
}
http::Problem bad_secret() {
  return http::bad_request("The link is invalid, expired or used already");
}

/// The invitation of that secret, for that e-mail.
InvitationRow invitation_for(database::Connection& connection, const std::string& secret,
                             const std::string& email, Timestamp now) {
  std::optional<InvitationRow> found =
      store::select<InvitationRow>()
          .where(all_of(equals<&InvitationRow::token_hash>(hash_of_token(secret)),
                        store::is_null<&InvitationRow::accepted_at>(),
                        store::greater<&InvitationRow::expires_at>(now)))
          .for_update()
          .first(connection);
  if (!found || lower(found->email) != email) throw bad_invitation();
  return *std::move(found);
}

/// Takes the invitation: the account's membership with its role and agents.
void accept(store::UnitOfWork& unit, const InvitationRow& invitation, const UserRow& user,
            Timestamp now) {
  store::update(unit.connection, equals<&InvitationRow::id>(invitation.id),
                set<&InvitationRow::accepted_at>(now));
  const Role role = parse_word<Role>(invitation.role).value_or(Role::Viewer);
  unit.events.push_back(member_updated(add_member(unit.connection, invitation.account_id, user.id,
                                                  role, invitation.manage_agent_ids, now)));
}

std::string account_name_of(const UserRow& user) {
  const std::string name = user.first_name.value_or("") + " " + user.last_name.value_or("");
  return std::string(first_code_points(trim(name), kAccountNameCharactersMax));
}

/// A new secret with a row of its own.
template <class Row>
std::string add_secret(database::Connection& connection, const std::string& user_id,
                       std::chrono::hours lifetime, Timestamp now) {
  std::string secret = random_hex(32);
  store::insert(connection, Row{.id = make_uuid_at(now),
                                .user_id = user_id,
                                .token_hash = hash_of_token(secret),
                                .expires_at = now + lifetime,
                                .consumed_at = {},
                                .created_at = now});
  return secret;
}

/// Uses a secret up and returns whose it was.
template <class Row>
std::string consume(database::Connection& connection, const std::string& secret, Timestamp now) {
  const auto row =
      store::select<Row>()
          .where(all_of(equals<&Row::token_hash>(hash_of_token(secret)),
                        store::is_null<&Row::consumed_at>(), store::greater<&Row::expires_at>(now)))
          .for_update()
          .first(connection);
  if (!row) throw bad_secret();
  store::update(connection, equals<&Row::id>(row->id), set<&Row::consumed_at>(now));
  return row->user_id;
}

}  // namespace

SignedUp sign_up(store::UnitOfWork& unit, const NewUser& wanted, const SignUpSettings& settings,
                 Timestamp now) {
  std::optional<InvitationRow> invitation;
  if (wanted.invitation) {
    invitation = invitation_for(unit.connection, *wanted.invitation, wanted.email, now);
  }
  if (find_user_by_email(unit.connection, wanted.email)) throw email_taken();
  SignedUp made;
  made.user = {.id = make_uuid_at(now),
               .email = wanted.email,
               .first_name = wanted.first_name,
               .last_name = wanted.last_name,
               .password_hash = wanted.password_hash,
               .google_sub = {},
               .is_active = settings.auto_verify,
               .email_verified_at = {},
               .created_at = now};
  if (settings.auto_verify) made.user.email_verified_at = now;
  store::insert(unit.connection, made.user);
  if (invitation) {
    accept(unit, *invitation, made.user, now);
  } else {
    found_account(unit.connection, account_name_of(made.user), made.user, now);
  }
  if (!settings.auto_verify) {
    made.verification =
        add_secret<EmailVerificationRow>(unit.connection, made.user.id, kVerificationLifetime, now);
  }
  return made;
}

UserRow add_verified_user(database::Connection& connection, const std::string& email,
                          const std::string& password_hash, Timestamp now) {
  UserRow user{.id = make_uuid_at(now),
               .email = lower(trim(email)),
               .first_name = {},
               .last_name = {},
               .password_hash = password_hash,
               .google_sub = {},
               .is_active = true,
               .email_verified_at = now,
               .created_at = now};
  store::insert(connection, user);
  return user;
}

void verify_email(database::Connection& connection, const std::string& secret, Timestamp now) {
  const std::string user_id = consume<EmailVerificationRow>(connection, secret, now);
  store::update(connection, equals<&UserRow::id>(user_id), set<&UserRow::is_active>(true),
                set<&UserRow::email_verified_at>(now));
}

std::optional<std::string> begin_verification(database::Connection& connection,
                                              const std::string& email, Timestamp now) {
  const auto user = find_user_by_email(connection, email);
  if (!user || user->email_verified_at) return std::nullopt;
  return add_secret<EmailVerificationRow>(connection, user->id, kVerificationLifetime, now);
}

std::optional<std::string> begin_reset(database::Connection& connection, const std::string& email,
                                       Timestamp now) {
  const auto user = find_user_by_email(connection, email);
  if (!user) return std::nullopt;
  return add_secret<PasswordResetRow>(connection, user->id, kResetLifetime, now);
}

void reset_password(database::Connection& connection, const std::string& secret,
                    const std::string& password_hash, Timestamp now) {
  set_password(connection, consume<PasswordResetRow>(connection, secret, now), password_hash, now);
}

void set_password(database::Connection& connection, const std::string& user_id,
                  const std::string& password_hash, Timestamp now) {
  store::update(connection, equals<&UserRow::id>(user_id),
                set<&UserRow::password_hash>(password_hash));
  revoke_tokens(connection, user_id, now);
}

void change_name(database::Connection& connection, const std::string& user_id,
                 const NameChange& change) {
  std::vector<store::Assignment<UserRow>> changes;
  if (change.first_name) changes.push_back(set<&UserRow::first_name>(*change.first_name));
  if (change.last_name) changes.push_back(set<&UserRow::last_name>(*change.last_name));
  store::update(connection, equals<&UserRow::id>(user_id), changes);
}

}  // namespace parley::chat
