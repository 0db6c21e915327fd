// parley key create, key list and key revoke: keys with which programs call the API.

#include <fmt/format.h>

#include "app/api_keys.h"
#include "base/error.h"
#include "cli/output.h"
#include "cli/verb.h"

namespace parley::cli {
namespace {

struct ModuleOptions : AnswerOptions {
  std::string module = "live_agent";
};

struct KeyCreateOptions : ModuleOptions {
  std::string user_id;
  std::string scopes;
  std::string label;
  std::string tenant;
};

struct KeyRevokeOptions : ModuleOptions {
  std::string id;
};

std::optional<std::string> given(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

Json time_or_null(const std::optional<Timestamp>& time) {
  return time ? Json(json::string(format_rfc3339(*time))) : Json(nullptr);
}

Json text_or_null(const std::optional<std::string>& text) {
  return text ? Json(json::string(*text)) : Json(nullptr);
}

JsonObject document_of(const store::ApiKeyRow& row) {
  return {{"id", row.id},
          {"user_id", row.user_id},
          {"label", text_or_null(row.label)},
          {"scopes", row.scopes},
          {"tenant", text_or_null(row.tenant)},
          {"created_at", format_rfc3339(row.created_at)},
          {"last_used_at", time_or_null(row.last_used_at)},
          {"revoked_at", time_or_null(row.revoked_at)}};
}

std::string line_of(const store::ApiKeyRow& row) {
  const std::string used =
      row.last_used_at ? "used " + format_rfc3339(*row.last_used_at) : "never used";
  const std::string tenant = row.tenant ? " in " + *row.tenant : "";
  return fmt::format("{}  {}{}  {}  {}{}{}", row.id, row.user_id, tenant, row.scopes, used,
                     row.revoked_at ? ", revoked " + format_rfc3339(*row.revoked_at) : "",
                     row.label ? "  " + *row.label : "");
}

ExitCode key_create(const KeyCreateOptions& options) {
  const auto created = app::create_key(options.configuration(), {.module = options.module,
                                                                 .user_id = options.user_id,
                                                                 .scopes = options.scopes,
                                                                 .label = given(options.label),
                                                                 .tenant = given(options.tenant)});
  Output output(options);
  output.line("{}", created.key);
  output.document() = document_of(created.row);
  output.document()["key"] = created.key;
  output.finish();
  return ExitCode::Done;
}

ExitCode key_list(const ModuleOptions& options) {
  Output output(options);
  json::array keys;
  for (const store::ApiKeyRow& row : app::list_keys(options.configuration(), options.module)) {
    output.line("{}", line_of(row));
    keys.emplace_back(document_of(row));
  }
  output.document()["keys"] = std::move(keys);
  output.finish();
  return ExitCode::Done;
}

std::int64_t id_in(const std::string& text) {
  std::int64_t id = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9' || id > 1'000'000'000) id = -1;
    if (id < 0) break;
    id = id * 10 + (digit - '0');
  }
  if (id > 0) return id;
  throw Error(ErrorCode::InvalidArgument, fmt::format("'{}' is no id of a key", text),
              "parley key list shows them.");
}

ExitCode key_revoke(const KeyRevokeOptions& options) {
  const std::int64_t id = id_in(options.id);
  app::revoke_key(options.configuration(), options.module, id);
  Output output(options);
  output.line("Revoked key {}; a server that runs refuses it within {} seconds", id,
              api::ApiKeys::kRemembered.count());
  output.document()["id"] = id;
  output.finish();
  return ExitCode::Done;
}

}  // namespace

void add_key_create(VerbGroup& group) {
  auto [verb, options] = group.verb<KeyCreateOptions>(
      "create", "Make a key and print it, which happens only this once", key_create);
  verb.option("--module", "NAME", options.module, "The module that accepts it");
  verb.required_option("--user-id", "ID", options.user_id,
                       "The account it acts as; in live_agent its e-mail");
  verb.required_option("--scopes", "SCOPES", options.scopes,
                       "read, write, admin; several with commas");
  verb.option("--label", "TEXT", options.label, "What it is for");
  verb.option("--tenant", "TENANT", options.tenant, "The only tenant that it reaches");
  verb.example("parley key create --user-id ada@example.com --scopes read,write --label \"CRM\"");
}

void add_key_list(VerbGroup& group) {
  auto [verb, options] =
      group.verb<ModuleOptions>("list", "Show all keys, the revoked ones included", key_list);
  verb.option("--module", "NAME", options.module, "The module that accepts them");
  verb.example("parley key list --module live_agent");
}

void add_key_revoke(VerbGroup& group) {
  auto [verb, options] =
      group.verb<KeyRevokeOptions>("revoke", "Take a key back, for good", key_revoke);
  verb.argument("id", options.id, "The id that key list shows");
  verb.option("--module", "NAME", options.module, "The module that accepts it");
  verb.example("parley key revoke 3");
}

}  // namespace parley::cli
