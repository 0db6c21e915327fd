// parley db doctor: what is wrong, and the next command.

#include "cli/output.h"
#include "cli/verb.h"
#include "migrate/doctor.h"

namespace parley::cli {
namespace {

struct DoctorOptions : DbOptions {};

std::string_view sign_of(migrate::Health health) {
  switch (health) {
    case migrate::Health::Good: return "✓";
    case migrate::Health::Attention: return "!";
    case migrate::Health::Broken: return "✗";
  }
  return "";
}

Color color_of(migrate::Health health) {
  switch (health) {
    case migrate::Health::Good: return Color::Green;
    case migrate::Health::Attention: return Color::Yellow;
    case migrate::Health::Broken: return Color::Red;
  }
  return Color::Red;
}

void print(const migrate::Symptom& symptom, Output& output) {
  output.line("{} {:<15} {}", output.painted(color_of(symptom.health), sign_of(symptom.health)),
              symptom.subject, symptom.finding);
  if (!symptom.command.empty()) output.line("{:18}→ {}", "", symptom.command);
}

JsonObject to_json(const migrate::Symptom& symptom) {
  return {{"subject", symptom.subject},
          {"health", migrate::name_of(symptom.health)},
          {"finding", symptom.finding},
          {"command", symptom.command}};
}

/// A namespace that cannot be opened is a finding like any other.
std::vector<migrate::Symptom> examine(const app::Target& target) {
  try {
    const auto opened = target.open_existing();
    return migrate::diagnose(opened->deployment());
  } catch (const Error& error) {
    return {{"connection", migrate::Health::Broken, error.what(), error.hint()}};
  }
}

ExitCode doctor(const DoctorOptions& options) {
  Output output(options);
  bool is_well = true;
  for (const app::Target& target : app::targets_of(options.where())) {
    if (!target.label.empty()) output.line("{}", target.label);
    JsonObject answer = {{"module", target.definition.name}};
    json::array symptoms;
    for (const migrate::Symptom& symptom : examine(target)) {
      print(symptom, output);
      symptoms.push_back(to_json(symptom));
      is_well = is_well && symptom.health == migrate::Health::Good;
    }
    answer["symptoms"] = std::move(symptoms);
    output.list("namespaces").push_back(std::move(answer));
  }
  output.document()["is_well"] = is_well;
  output.finish();
  return ExitCode::Done;
}

}  // namespace

void add_doctor(VerbGroup& db) {
  auto [verb, options] =
      db.verb<DoctorOptions>("doctor", "Say what is wrong, and the next command", doctor);
  verb.example("parley db doctor --module live_agent");
}

}  // namespace parley::cli
