#include "cli/plan_output.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "migrate/parts.h"
#include "migrate/progress.h"

namespace parley::cli {
namespace {

using migrate::DeclarativePlan;
using migrate::Part;
using migrate::Step;
using migrate::StepFacts;
using migrate::Verdict;

std::vector<Part> parts(const DeclarativePlan& plan, const dialect::Dialect& dialect) {
  return migrate::parts_of(plan.plan, dialect.capabilities().transactional_ddl
                                          ? migrate::Ddl::RollsBack
                                          : migrate::Ddl::CommitsItself);
}

std::string rows_text(const StepFacts& facts) {
  switch (facts.impact.rows) {
    case dialect::RowWork::None: return "none";
    case dialect::RowWork::Reads: return "reads " + migrate::grouped(facts.rows);
    case dialect::RowWork::Rewrites: return "rewrites " + migrate::grouped(facts.rows);
  }
  return "";
}

std::string indented(const std::string& text, std::string_view indent) {
  std::string result;
  for (const std::string& line : split(text, '\n')) {
    if (!result.empty()) result += "\n";
    result += std::string(indent) + line;
  }
  return result;
}

void print_verdict(Output& output, const Verdict& verdict) {
  const bool fails = verdict.kind == Verdict::Kind::Fails;
  output.line("       {}", fails ? output.painted(Color::Red, "✗ " + verdict.text)
                                 : output.painted(Color::Yellow, "! " + verdict.text));
  if (!verdict.fix.empty()) output.line("         {}", verdict.fix);
}

void print_step(Output& output, const DeclarativePlan& plan, std::size_t position) {
  const Step& step = plan.plan.steps[position];
  const StepFacts& facts = plan.facts[position];
  output.line("{:>4}. {}", position + 1, step.reason);
  for (const std::string& statement : step.statements) {
    output.line("{}", indented(statement, "       "));
  }
  output.line("       lock: {}; blocks: {}; rows: {}; can be undone: {}", facts.impact.lock,
              facts.impact.blocks, rows_text(facts), facts.undo);
  for (const Verdict& verdict : plan.verdicts) {
    if (verdict.position == position) print_verdict(output, verdict);
  }
}

std::string_view opening(const Part& part) {
  switch (part.kind) {
    case Part::Kind::Transaction: return "BEGIN";
    case Part::Kind::Statements: return "-- each statement commits by itself";
    case Part::Kind::Backfill: return "-- batch by batch, each a transaction";
  }
  return "";
}

const char* kind_text(Verdict::Kind kind) {
  return kind == Verdict::Kind::Fails ? "fails" : "loses";
}

JsonObject step_json(const DeclarativePlan& plan, const Step& step, std::size_t position,
                     std::size_t part) {
  const StepFacts& facts = plan.facts[position];
  JsonObject object{
      {"description", step.reason}, {"transaction", part + 1},
      {"lock", facts.impact.lock},  {"blocks", facts.impact.blocks},
      {"rows", facts.rows},         {"rewrites", facts.impact.rows == dialect::RowWork::Rewrites},
      {"undo", facts.undo}};
  object["sql"] = to_json(step.statements);
  json::array verdicts;
  for (const Verdict& verdict : plan.verdicts) {
    if (verdict.position != position) continue;
    verdicts.emplace_back(JsonObject{
        {"kind", kind_text(verdict.kind)}, {"text", verdict.text}, {"fix", verdict.fix}});
  }
  object["verdicts"] = std::move(verdicts);
  return object;
}

}  // namespace

void print_plan(Output& output, const std::string& label, const DeclarativePlan& plan,
                const dialect::Dialect& dialect) {
  const std::string of = label.empty() ? "" : " of " + label;
  if (plan.is_empty()) {
    output.line("The schema{} is as wanted.", of);
  } else {
    const std::size_t count = plan.plan.steps.size();
    output.line("Plan{}: {} {}", of, count, count == 1 ? "step" : "steps");
    output.line("");
    std::size_t position = 0;
    for (const Part& part : parts(plan, dialect)) {
      output.line("{}", opening(part));
      for (std::size_t i = 0; i < part.steps.size(); ++i) print_step(output, plan, position++);
      if (part.kind == Part::Kind::Transaction) output.line("COMMIT");
    }
    output.line("");
    output.line("{}", output.painted(plan.proof.is_proved() ? Color::Green : Color::Yellow,
                                     migrate::to_text(plan.proof)));
  }
  print_skipped(output, plan);
}

void print_skipped(Output& output, const DeclarativePlan& plan) {
  if (plan.skipped.empty()) return;
  output.line("Skipped, because drops need --allow-drop:");
  for (std::size_t i = 0; i < plan.skipped.size(); ++i) {
    output.line("  {}", schema::describe(plan.skipped[i]));
    if (!plan.skipped_losses[i].empty()) {
      output.line("       {}", output.painted(Color::Yellow, "! " + plan.skipped_losses[i]));
    }
  }
}

JsonObject to_json(const DeclarativePlan& plan, const dialect::Dialect& dialect) {
  json::array steps;
  std::size_t position = 0;
  const auto cut = parts(plan, dialect);
  for (std::size_t part = 0; part < cut.size(); ++part) {
    for (const Step* step : cut[part].steps) {
      steps.emplace_back(step_json(plan, *step, position++, part));
    }
  }
  json::array skipped;
  for (std::size_t i = 0; i < plan.skipped.size(); ++i) {
    skipped.emplace_back(JsonObject{{"description", schema::describe(plan.skipped[i])},
                                    {"loses", plan.skipped_losses[i]}});
  }
  return JsonObject{{"steps", std::move(steps)},
                    {"skipped", std::move(skipped)},
                    {"proved", plan.is_empty() || plan.proof.is_proved()},
                    {"proof", plan.is_empty() ? "" : migrate::to_text(plan.proof)}};
}

}  // namespace parley::cli
