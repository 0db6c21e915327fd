#include "outreach/deliveries.h"

#include <fmt/format.h>

#include "http/message.h"
#include "outreach/events.h"
#include "outreach/message_ids.h"
#include "outreach/queries.h"
#include "outreach/send_queue.h"
#include "outreach/sending_wire.h"
#include "store/query.h"

namespace parley::outreach {
namespace {

using store::equals;
using store::set;

constexpr std::int64_t kRetriesMax = 3;
/// Rows that one look takes from the table.
constexpr std::int64_t kRowsAtOnce = 500;

std::optional<DeliveryRecordRow> find(database::Connection& connection,
                                      const std::string& message_id) {
  return store::select<DeliveryRecordRow>()
      .where(equals<&DeliveryRecordRow::message_id>(message_id))
      .for_update()
      .first(connection);
}

/// Who owns each of these deliveries; those of nobody are missing.
std::map<std::string, std::set<std::string>> users_of(
    database::Connection& connection, const std::vector<DeliveryRecordRow>& deliveries) {
  std::vector<std::string> ids;
  for (const DeliveryRecordRow& delivery : deliveries) ids.push_back(delivery.message_id);
  std::map<std::string, std::set<std::string>> users;
  for (const MessageIdRow& owner : owners_of(connection, ids))
    users[owner.message_id].insert(owner.user_id);
  return users;
}

/// The caller's own; an administrator also sees what nobody has reported.
store::Condition<DeliveryRecordRow> is_visible_to(const Caller& caller) {
  const auto own = is_delivery_of(caller.user_id);
  return caller.is_admin ? any_of(own, is_ownerless_delivery()) : own;
}

void tell(store::UnitOfWork& unit, const DeliveryRecordRow& delivery) {
  for (const auto& [id, users] : users_of(unit.connection, {delivery})) {
    for (const std::string& user : users) {
      unit.events.push_back(
          event_for(user, "delivery.updated", id, to_text(delivery_json(delivery))));
    }
  }
}

void store_delivery(store::UnitOfWork& unit, const DeliveryRecordRow& row) {
  store::update(unit.connection, equals<&DeliveryRecordRow::message_id>(row.message_id),
                set<&DeliveryRecordRow::status>(row.status),
                set<&DeliveryRecordRow::sent_at>(row.sent_at),
                set<&DeliveryRecordRow::delivered_at>(row.delivered_at),
                set<&DeliveryRecordRow::read_at>(row.read_at),
                set<&DeliveryRecordRow::failed_at>(row.failed_at),
                set<&DeliveryRecordRow::error_code>(row.error_code),
                set<&DeliveryRecordRow::error_message>(row.error_message),
                set<&DeliveryRecordRow::retry_count>(row.retry_count),
                set<&DeliveryRecordRow::conversation_id>(row.conversation_id),
                set<&DeliveryRecordRow::pricing_model>(row.pricing_model),
                set<&DeliveryRecordRow::updated_at>(row.updated_at));
  tell(unit, row);
}

void stamp(DeliveryRecordRow& row, DeliveryStatus status, Timestamp at) {
  const auto fill = [&](std::optional<Timestamp>& time) {
    if (!time) time = at;
  };
  if (status == DeliveryStatus::Sent) fill(row.sent_at);
  if (status == DeliveryStatus::Delivered) fill(row.delivered_at);
  if (status == DeliveryStatus::Read) fill(row.read_at);
  if (status == DeliveryStatus::Failed) fill(row.failed_at);
}

void overwrite(std::optional<std::string>& field, const std::string& text) {
  if (!text.empty()) field = text;
}

bool may_be_retried(const DeliveryRecordRow& row) {
  return row.status == word(DeliveryStatus::Failed) &&
         row.retry_count.value_or(0) < row.max_retries.value_or(kRetriesMax);
}

http::Problem not_retryable(const DeliveryRecordRow& row) {
  if (row.status != word(DeliveryStatus::Failed)) {
    return http::conflict("not_failed", fmt::format("The delivery is {}: only one that failed is "
                                                    "tried again",
                                                    row.status));
  }
  return http::conflict("retries_used_up",
                        fmt::format("The delivery was tried again {} times, which is all it may be",
                                    row.retry_count.value_or(0)));
}

/// The delivery is that far, or further.
bool is_at_least(const DeliveryRecordRow& row, DeliveryStatus status) {
  const auto known = parse_word<DeliveryStatus>(row.status);
  const bool is_on_the_way = known == DeliveryStatus::Sent || known == DeliveryStatus::Delivered ||
                             known == DeliveryStatus::Read;
  return is_on_the_way && *known >= status;
}

/// Means of times that lie between two others.
class MeanTime {
 public:
  void add(const std::optional<Timestamp>& from, const std::optional<Timestamp>& to) {
    if (!from || !to || *to < *from) return;
    seconds_ += std::chrono::duration<double>(*to - *from).count();
    ++count_;
  }
  double seconds() const { return count_ == 0 ? 0 : seconds_ / static_cast<double>(count_); }

 private:
  double seconds_ = 0;
  std::int64_t count_ = 0;
};

}  // namespace

DeliveryRecordRow report_delivery(store::UnitOfWork& unit, const std::string& user_id,
                                  const NewDelivery& delivery, Timestamp now) {
  if (find(unit.connection, delivery.message_id)) {
    throw http::conflict("already_exists", "There is a delivery with this message_id already");
  }
  const DeliveryRecordRow row{.message_id = delivery.message_id,
                              .phone_number = delivery.phone_number,
                              .template_name = delivery.template_name,
                              .message_content = delivery.message_content,
                              .status = word(DeliveryStatus::Queued),
                              .retry_count = 0,
                              .max_retries = kRetriesMax,
                              .created_at = now,
                              .updated_at = now,
                              .conversation_id = delivery.conversation_id,
                              .pricing_model = std::nullopt};
  store::insert(unit.connection, row);
  note_delivery(unit, user_id, delivery.message_id, now);
  const DeliveryRecordRow stored = find(unit.connection, delivery.message_id).value();
  tell(unit, stored);
  return stored;
}

DeliveryRecordRow delivery_for(database::Connection& connection, const Caller& caller,
                               const std::string& message_id) {
  std::optional<DeliveryRecordRow> row =
      store::select<DeliveryRecordRow>()
          .where(all_of(is_visible_to(caller), equals<&DeliveryRecordRow::message_id>(message_id)))
          .first(connection);
  if (!row) throw http::not_found("There is no delivery with this message_id");
  return *std::move(row);
}

std::vector<DeliveryRecordRow> failed_deliveries(database::Connection& connection,
                                                 const Caller& caller, std::int64_t count_max) {
  const auto is_failed = all_of(is_visible_to(caller),
                                equals<&DeliveryRecordRow::status>(word(DeliveryStatus::Failed)));
  std::vector<DeliveryRecordRow> found;
  for (std::int64_t offset = 0;; offset += kRowsAtOnce) {
    const std::vector<DeliveryRecordRow> page =
        store::select<DeliveryRecordRow>()
            .where(is_failed)
            .order_by_nulls_last<&DeliveryRecordRow::failed_at>(store::Order::Descending)
            .order_by<&DeliveryRecordRow::message_id>()
            .offset(offset)
            .limit(kRowsAtOnce)
            .all(connection);
    for (const DeliveryRecordRow& row : page) {
      if (std::ssize(found) < count_max && may_be_retried(row)) found.push_back(row);
    }
    if (std::ssize(page) < kRowsAtOnce || std::ssize(found) == count_max) return found;
  }
}

DeliveryRecordRow retry_delivery(store::UnitOfWork& unit, const Caller& caller,
                                 const std::string& message_id, Timestamp now) {
  delivery_for(unit.connection, caller, message_id);
  DeliveryRecordRow row = find(unit.connection, message_id).value();
  if (!may_be_retried(row)) throw not_retryable(row);
  row.status = word(DeliveryStatus::Queued);
  row.retry_count = row.retry_count.value_or(0) + 1;
  row.failed_at = std::nullopt;
  row.updated_at = now;
  store_delivery(unit, row);
  for (const MessageIdRow& owner : owners_of(unit.connection, std::vector{message_id})) {
    if (!owner.log_id.empty() && owner.user_id == caller.user_id)
      retry_message_if_ours(unit, owner.log_id, now);
  }
  return row;
}

void follow_sent(store::UnitOfWork& unit, const MessageLogRow& message, const std::string& id,
                 std::string content, Timestamp now) {
  if (id.empty() || id.size() > kMessageIdBytesMax || find(unit.connection, id)) return;
  const DeliveryRecordRow row{.message_id = id,
                              .phone_number = message.recipient_phone.value_or(""),
                              .template_name = message.template_name,
                              .message_content = std::move(content),
                              .status = word(DeliveryStatus::Sent),
                              .sent_at = now,
                              .retry_count = 0,
                              .max_retries = kRetriesMax,
                              .created_at = now,
                              .updated_at = now,
                              .conversation_id = std::nullopt,
                              .pricing_model = std::nullopt};
  store::insert(unit.connection, row);
}

bool apply_to_delivery(store::UnitOfWork& unit, const ProviderEvent& event, Timestamp now) {
  std::optional<DeliveryRecordRow> row = find(unit.connection, event.external_id);
  if (!row) return false;
  stamp(*row, event.status, event.provider_time.value_or(now));
  overwrite(row->conversation_id, event.conversation_id);
  overwrite(row->pricing_model, event.pricing_model);
  if (const auto status = status_after(row->status, event.status)) {
    row->status = word(*status);
    overwrite(row->error_code, event.error_code);
    overwrite(row->error_message, event.error_message);
  }
  row->updated_at = now;
  store_delivery(unit, *row);
  return true;
}

DeliveryFigures delivery_figures(database::Connection& connection, const Caller& caller,
                                 Timestamp since) {
  DeliveryFigures figures;
  MeanTime to_delivery;
  MeanTime to_read;
  std::string after;
  for (;;) {
    const std::vector<DeliveryRecordRow> page =
        store::select<DeliveryRecordRow>()
            .where(all_of(is_visible_to(caller),
                          store::greater_or_equal<&DeliveryRecordRow::created_at>(since),
                          store::greater<&DeliveryRecordRow::message_id>(after)))
            .order_by<&DeliveryRecordRow::message_id>()
            .limit(kRowsAtOnce)
            .all(connection);
    for (const DeliveryRecordRow& row : page) {
      ++figures.total;
      figures.sent += is_at_least(row, DeliveryStatus::Sent) ? 1 : 0;
      figures.delivered += is_at_least(row, DeliveryStatus::Delivered) ? 1 : 0;
      figures.read += is_at_least(row, DeliveryStatus::Read) ? 1 : 0;
      to_delivery.add(row.sent_at, row.delivered_at);
      to_read.add(row.delivered_at, row.read_at);
      if (row.status != word(DeliveryStatus::Failed)) continue;
      ++figures.failed;
      ++figures.errors[row.error_code.value_or("unknown")];
    }
    if (std::ssize(page) < kRowsAtOnce) break;
    after = page.back().message_id;
  }
  figures.seconds_to_delivery = to_delivery.seconds();
  figures.seconds_to_read = to_read.seconds();
  return figures;
}

}  // namespace parley::outreach
