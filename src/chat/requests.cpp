#include "chat/requests.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/fields.h"
#include "base/ids.h"
#include "base/text.h"
#include "chat/form.h"
#include "chat/wire.h"
#include "http/password.h"

namespace parley::chat {
namespace {

using api::BodyReader;
using api::QueryReader;

constexpr std::string_view kPasswordRule = "must have 6 characters to 256 bytes";

/// The existing clients send no bytes at all for an object without fields.
std::string_view body_of(const http::Request& request) {
  return request.body.empty() ? std::string_view("{}") : std::string_view(request.body);
}

/// A text of at least one character, which may be blank.
std::string required_text(BodyReader& body, std::string_view field, std::size_t characters_max) {
  body.require(field);
  const Json* value = body.find(field);
  std::string text = body.text_or_empty(field, characters_max);
  if (value != nullptr && value->is_string() && value->get_string().empty()) {
    body.errors().add(field, "too_short", "must have at least 1 character");
  }
  return text;
}

std::string new_password(BodyReader& body, std::string_view field) {
  std::string password = body.any_text(field);
  const Json* value = body.find(field);
  if (value != nullptr && value->is_string() &&
      !http::is_acceptable_password(password, kPasswordCharactersMin)) {
    body.errors().add(field, "unacceptable_password", std::string(kPasswordRule));
  }
  return password;
}

/// A list of ids of agents; null and absent are nothing.
std::optional<Json> agent_list(BodyReader& body, std::string_view field) {
  const std::optional<json::array> list = body.optional_array(field);
  if (!list) return std::nullopt;
  json::array ids;
  for (const Json& each : *list) {
    if (each.is_string() && is_uuid(each.get_string())) {
      ids.emplace_back(json::string(lower(each.get_string())));
    } else {
      body.errors().add(field, "uuid_parsing", "must hold ids of agents");
      return std::nullopt;
    }
  }
  return Json(std::move(ids));
}

/// The client writes roles in small letters, the table in capitals.
std::optional<Role> role_in(BodyReader& body, std::string_view field) {
  const std::optional<std::string> text = body.optional_text(field, api::kNameCharactersMax);
  if (!text) return std::nullopt;
  const std::optional<Role> role = parse_word<Role>(upper(trim(*text)));
  if (!role) {
    body.errors().add(field, "not_in_vocabulary", "must be one of: " + list_words<Role>());
  }
  return role;
}

}  // namespace

LoginRequest read_login(const http::Request& request) {
  BodyReader body(body_of(request));
  LoginRequest login{.email = body.text("email", kEmailCharactersMax),
                     .password = body.any_text("password")};
  body.finish();
  return login;
}

std::string read_refresh_token_text(const http::Request& request) {
  const std::optional<std::string> token = form_field(request, "refresh_token");
  if (!token || token->empty()) throw http::unauthenticated("Invalid or expired token");
  return *token;
}

SignUpRequest read_sign_up(const http::Request& request) {
  BodyReader body(body_of(request));
  SignUpRequest wanted{
      .user = {.email = body.email("email"),
               .password_hash = {},
               .first_name = body.text("first_name", kPersonNameCharactersMax),
               .last_name = body.text("last_name", kPersonNameCharactersMax),
               .invitation = body.optional_text("invite", api::kNameCharactersMax)},
      .password = new_password(body, "password")};
  body.finish();
  return wanted;
}

std::string read_email(const http::Request& request) {
  BodyReader body(body_of(request));
  std::string email = body.email("email");
  body.finish();
  return email;
}

std::string read_token_query(const http::Request& request) {
  QueryReader query(request);
  const std::optional<std::string> token = query.text("token", api::kNameCharactersMax);
  if (!token) query.errors().add("token", "required", "is required");
  query.finish();
  return *token;
}

ResetRequest read_reset(const http::Request& request) {
  BodyReader body(body_of(request));
  ResetRequest wanted{.token = body.text("token", api::kNameCharactersMax),
                      .new_password = new_password(body, "new_password")};
  body.finish();
  return wanted;
}

PasswordChange read_password_change(const http::Request& request) {
  BodyReader body(body_of(request));
  PasswordChange change{.current = body.any_text("current_password"),
                        .next = new_password(body, "new_password"),
                        .confirmed = body.any_text("confirm_new_password")};
  body.finish();
  return change;
}

NameChange read_name_change(const http::Request& request) {
  BodyReader body(body_of(request));
  NameChange change{.first_name = body.optional_text("first_name", kPersonNameCharactersMax),
                    .last_name = body.optional_text("last_name", kPersonNameCharactersMax)};
  body.finish();
  return change;
}

std::string read_account_name(const http::Request& request) {
  BodyReader body(body_of(request));
  std::string name = body.text("name", api::kNameCharactersMax);
  body.finish();
  return name;
}

Invitation read_invitation(const http::Request& request) {
  BodyReader body(body_of(request));
  body.require("role");
  Invitation invitation{.email = body.email("email"),
                        .role = role_in(body, "role").value_or(Role::Viewer),
                        .agents = agent_list(body, "manage_agent_ids")};
  body.finish();
  return invitation;
}

MemberChange read_member_change(const http::Request& request) {
  BodyReader body(body_of(request));
  MemberChange change{.role = role_in(body, "role"), .agents = {}};
  if (api::object_of(body_of(request)).contains("manage_agent_ids")) {
    change.agents = agent_list(body, "manage_agent_ids");
  }
  body.finish();
  return change;
}

Window read_window(const http::Request& request) {
  QueryReader query(request);
  const Window window{.skip = query.number("skip", 0, 0, api::kIntegerMax),
                      .limit = query.number("limit", kWindowLimit, 1, kWindowLimitMax)};
  query.finish();
  return window;
}

NewChat read_new_chat(const http::Request& request) {
  BodyReader body(body_of(request));
  NewChat wanted{.title = body.text_or_empty("title", kTitleCharactersMax), .agent_id = {}};
  if (const std::string id = body.text_or_empty("agent_id", api::kNameCharactersMax); !id.empty()) {
    wanted.agent_id = lower(id);
  }
  body.finish();
  return wanted;
}

std::optional<std::string> read_title(const http::Request& request) {
  BodyReader body(body_of(request));
  const bool is_given = body.find("title") != nullptr;
  std::string title = body.text_or_empty("title", kTitleCharactersMax);
  body.finish();
  return is_given ? std::optional(std::move(title)) : std::nullopt;
}

std::string read_content(const http::Request& request) {
  BodyReader body(body_of(request));
  std::string content = required_text(body, "content", kContentCharactersMax);
  body.finish();
  return content;
}

std::string read_question(const http::Request& request) {
  BodyReader body(body_of(request));
  std::string question = required_text(body, "question", kContentCharactersMax);
  body.finish();
  return question;
}

std::optional<std::string> read_agent_id(const http::Request& request) {
  BodyReader body(body_of(request));
  std::string id = lower(body.text_or_empty("agent_id", api::kNameCharactersMax));
  body.finish();
  return id.empty() ? std::nullopt : std::optional(std::move(id));
}

std::optional<bool> read_switch(const http::Request& request) {
  BodyReader body(body_of(request));
  const std::optional<bool> is_active = body.optional_boolean("is_active");
  body.finish();
  return is_active;
}

std::optional<Json> read_theme(const http::Request& request) {
  BodyReader body(body_of(request));
  std::optional<JsonObject> theme = body.optional_object("theme");
  if (!theme) {
    body.finish();
    return std::nullopt;
  }
  const JsonObject known = default_theme();
  for (const auto& field : *theme) {
    const std::string name = fmt::format("theme/{}", std::string_view(field.key()));
    if (!known.contains(field.key())) {
      body.errors().add(name, "unknown_key", "is no part of a theme");
    } else if (!field.value().is_string()) {
      body.errors().add(name, "wrong_type", "must be a colour as text");
    }
  }
  body.finish();
  return Json(*std::move(theme));
}

}  // namespace parley::chat
