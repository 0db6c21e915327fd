#include "migrate/way_back.h"

#include <optional>
#include <utility>

#include "base/overloaded.h"

namespace parley::migrate {
namespace {

struct Loss {
  WayBack way_back;
  std::string reason;
};

Loss values(std::string reason) { return {WayBack::WithoutValues, std::move(reason)}; }

std::optional<Loss> loss_of(const schema::Change& change) {
  using Nothing = std::optional<Loss>;
  return std::visit(
      overloaded{
          [](const schema::DropTable&) -> Nothing { return values("its rows do not come back"); },
          [](const schema::DropColumn&) -> Nothing {
            return values("its values do not come back");
          },
          [](const schema::AlterEnum& c) -> Nothing {
            if (c.replaced.empty()) return {};
            return values("rows keep the value that replaced theirs");
          },
          [](const schema::Backfill&) -> Nothing { return values("the columns keep what was set"); },
          [](const schema::Execute& c) -> Nothing {
            if (!c.undo.empty()) return {};
            return Loss{WayBack::None, "it has no 'undo'"};
          },
          [](const schema::CreateTable&) -> Nothing { return {}; },
          [](const schema::RenameTable&) -> Nothing { return {}; },
          [](const schema::AddColumn&) -> Nothing { return {}; },
          [](const schema::AlterColumn&) -> Nothing { return {}; },
          [](const schema::RenameColumn&) -> Nothing { return {}; },
          [](const schema::CreateIndex&) -> Nothing { return {}; },
          [](const schema::DropIndex&) -> Nothing { return {}; },
          [](const schema::RenameIndex&) -> Nothing { return {}; },
          [](const schema::AddPrimaryKey&) -> Nothing { return {}; },
          [](const schema::DropPrimaryKey&) -> Nothing { return {}; },
          [](const schema::AddUnique&) -> Nothing { return {}; },
          [](const schema::DropUnique&) -> Nothing { return {}; },
          [](const schema::AddCheck&) -> Nothing { return {}; },
          [](const schema::DropCheck&) -> Nothing { return {}; },
          [](const schema::AddForeignKey&) -> Nothing { return {}; },
          [](const schema::DropForeignKey&) -> Nothing { return {}; },
          [](const schema::CreateView&) -> Nothing { return {}; },
          [](const schema::DropView&) -> Nothing { return {}; },
          [](const schema::ReplaceView&) -> Nothing { return {}; },
          [](const schema::CreateTrigger&) -> Nothing { return {}; },
          [](const schema::DropTrigger&) -> Nothing { return {}; },
          [](const schema::ReplaceTrigger&) -> Nothing { return {}; },
          [](const schema::CreateEnum&) -> Nothing { return {}; },
          [](const schema::DropEnum&) -> Nothing { return {}; },
          [](const schema::SetComment&) -> Nothing { return {}; },
          [](const schema::SetTableOptions&) -> Nothing { return {}; },
      },
      change);
}

}  // namespace

std::vector<LostOnTheWayBack> lost_on_the_way_back(const Revision& revision) {
  std::vector<LostOnTheWayBack> lost;
  if (revision.downgrade) return lost;
  for (const schema::Change& change : revision.upgrade) {
    auto loss = loss_of(change);
    if (loss) lost.push_back({loss->way_back, schema::describe(change), std::move(loss->reason)});
  }
  return lost;
}

}  // namespace parley::migrate
