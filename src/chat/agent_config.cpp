#include "chat/agent_config.h"

#include <fmt/format.h>

#include <array>
#include <span>
#include <vector>

#include "base/text.h"
#include "chat/wire.h"

namespace parley::chat {
namespace {

enum class Needs { Text, TextOrEmpty, Number };

struct Key {
  std::string_view name;
  Needs needs = Needs::Text;
};

constexpr auto kPowerBiKeys = std::to_array<Key>(
    {{"tenant_id"}, {"client_id"}, {"workspace_id"}, {"dataset_id"}, {"client_secret"}});

/// A database file has neither user nor password, but the client sends both.
constexpr auto kDbKeys = std::to_array<Key>({{"host"},
                                             {"username", Needs::TextOrEmpty},
                                             {"database"},
                                             {"password", Needs::TextOrEmpty},
                                             {"port", Needs::Number},
                                             {"database_type"}});

bool fits(const Json& value, Needs needs) {
  if (needs == Needs::Number) {
    constexpr std::int64_t kPortMax = 65535;
    return value.is_int64() && value.get_int64() >= 0 && value.get_int64() <= kPortMax;
  }
  return value.is_string() &&
         (needs == Needs::TextOrEmpty || has_visible_character(value.get_string()));
}

struct Faults {
  std::vector<std::string> missing;
  std::vector<std::string> wrong;
};

Faults faults_of(std::span<const Key> keys, const JsonObject& config) {
  Faults faults;
  for (const Key& key : keys) {
    const Json* value = config.if_contains(key.name);
    const bool is_missing =
        value == nullptr || value->is_null() ||
        (value->is_string() && value->get_string().empty() && key.needs != Needs::TextOrEmpty);
    if (is_missing) {
      faults.missing.emplace_back(key.name);
    } else if (!fits(*value, key.needs)) {
      faults.wrong.emplace_back(key.name);
    }
  }
  return faults;
}

}  // namespace

std::optional<std::string> config_problem(ConnectionType type, const Json& config) {
  const std::string_view name = type == ConnectionType::PowerBi ? "PowerBI" : "DB";
  if (!config.is_object()) return fmt::format("Invalid {} config: it must be an object", name);
  const Faults faults = type == ConnectionType::PowerBi
                            ? faults_of(kPowerBiKeys, config.get_object())
                            : faults_of(kDbKeys, config.get_object());
  if (!faults.missing.empty()) {
    return fmt::format("Invalid {} config: missing {}", name, join(faults.missing, ", "));
  }
  if (!faults.wrong.empty()) {
    return fmt::format("Invalid {} config: wrong value of {}", name, join(faults.wrong, ", "));
  }
  return std::nullopt;
}

std::optional<std::string> config_problem(std::string_view stored_type, const Json& config) {
  const auto type = parse_word<ConnectionType>(stored_type);
  if (!type) return fmt::format("Invalid config: connection type {}", stored_type);
  return config_problem(*type, config);
}

Json unmasked_config(const Json& config, const Json& stored) {
  if (!config.is_object() || !stored.is_object()) return config;
  JsonObject full = config.get_object();
  for (auto& field : full) {
    const Json* kept = stored.get_object().if_contains(field.key());
    const bool is_mask = field.value().is_string() && field.value().get_string() == kMask;
    if (is_mask && kept != nullptr) field.value() = *kept;
  }
  return full;
}

}  // namespace parley::chat
