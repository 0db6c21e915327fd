#include "leads/notes.h"

#include <algorithm>

#include "leads/stored_json.h"

namespace parley::leads {
namespace {

std::int64_t id_of(const Json& note) {
  const JsonObject* object = note.if_object();
  const Json* id = object == nullptr ? nullptr : object->if_contains("id");
  return id != nullptr && id->is_int64() ? id->get_int64() : 0;
}

/// What the note says: its data, else its text.
Json said_in(const JsonObject& note) {
  for (const std::string_view field : {"data", "content"}) {
    const Json* value = note.if_contains(field);
    if (value != nullptr && !value->is_null()) return *value;
  }
  return nullptr;
}

void add_note(JsonObject& project, const JsonObject& note) {
  const std::optional<std::string> type = text_at(note, "type");
  if (!type || *type == NewNote{}.type) return;
  if (*type != kPlatformNote) {
    project[*type] = said_in(note);
  } else if (const JsonObject* data = object_at(note, "data")) {
    for (const auto& field : *data) project[field.key()] = field.value();
  }
}

}  // namespace

JsonObject make_note(const json::array& notes, const NewNote& note, Timestamp now) {
  std::int64_t last = 0;
  for (const Json& each : notes) last = std::max(last, id_of(each));
  JsonObject object{{"id", last + 1},
                    {"type", note.type},
                    {"content", note.content},
                    {"timestamp", format_rfc3339(now)},
                    {"author", note.author}};
  if (note.data) object["data"] = *note.data;
  return object;
}

JsonObject project_of(const LeadRow& lead) {
  JsonObject project;
  for (const Json& note : list_in(lead.notes)) {
    if (const JsonObject* object = note.if_object()) add_note(project, *object);
  }
  return project;
}

}  // namespace parley::leads
