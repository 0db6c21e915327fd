#pragma once

// How people get an account and keep it theirs: signing up, verifying an e-mail address, a
// forgotten password, changing name and password. Functions run inside a transaction given by the
// store; passwords arrive as hashes, because hashing is too slow for one. The connection's thread.

#include <optional>
#include <string>

#include "base/clock.h"
#include "chat/settings.h"
#include "chat/tables.h"
#include "store/connection.h"
#include "store/unit_of_work.h"

namespace parley::chat {

inline constexpr std::size_t kPasswordCharactersMin = 6;  ///< As the original's client promises.
inline constexpr std::chrono::hours kVerificationLifetime{24};
inline constexpr std::chrono::hours kResetLifetime{1};

struct NewUser {
  std::string email;
  std::string password_hash;
  std::string first_name;
  std::string last_name;
  std::optional<std::string> invitation;  ///< Its secret.
};

/// What a sign-up made: the user, and the secret of the verification that is still to come.
struct SignedUp {
  UserRow user;
  std::optional<std::string> verification;
};

/// Creates the user, and a new account with them as its owner or, with an invitation, a membership
/// in the account that invited. Throws 400 for a bad invitation and 409 for a registered e-mail.
SignedUp sign_up(store::UnitOfWork& unit, const NewUser& user, const SignUpSettings& settings,
                 Timestamp now);

/// A user that is verified already: what the command line makes.
UserRow add_verified_user(database::Connection& connection, const std::string& email,
                          const std::string& password_hash, Timestamp now);

/// Marks the e-mail address as verified. Throws 400 for a secret that is void.
void verify_email(database::Connection& connection, const std::string& secret, Timestamp now);

/// The secret of another verification; nothing when there is nobody to verify.
std::optional<std::string> begin_verification(database::Connection& connection,
                                              const std::string& email, Timestamp now);

/// The secret of a reset; nothing for an e-mail that nobody has.
std::optional<std::string> begin_reset(database::Connection& connection, const std::string& email,
                                       Timestamp now);

/// Sets the password and voids all refresh tokens. Throws 400 for a secret that is void.
void reset_password(database::Connection& connection, const std::string& secret,
                    const std::string& password_hash, Timestamp now);

/// The same for somebody who is signed in.
void set_password(database::Connection& connection, const std::string& user_id,
                  const std::string& password_hash, Timestamp now);

struct NameChange {
  std::optional<std::string> first_name;
  std::optional<std::string> last_name;
};
void change_name(database::Connection& connection, const std::string& user_id,
                 const NameChange& change);

}  // namespace parley::chat
