#pragma once

// What requests about sending ask for, read from path, query and body. Each function throws the 400
// or 422 problem for what it cannot read. Pure functions; any thread.

#include <optional>
#include <string>
#include <vector>

#include "http/message.h"
#include "outreach/deliveries.h"
#include "outreach/queueing.h"
#include "outreach/quotas.h"
#include "outreach/split.h"
#include "outreach/template.h"

namespace parley::outreach {

/// `{template, recipient}`.
struct RenderRequest {
  MessageTemplate message;
  TemplateRecipient recipient;
};
RenderRequest read_render(const http::Request& request);

/// `{content, strategy, delimiter, parts, max_parts}`, split.
SplitText read_split(const http::Request& request);

/// `{columns, sample}`: the columns, and what the sample has in each.
struct ColumnsRequest {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> values;
};
ColumnsRequest read_columns(const http::Request& request);

/// `{channel, count, use_burst}`; the user is the caller. `quotas` says how many there can be.
QuotaRequest read_acquire(const http::Request& request, const Quotas& quotas);

NewDelivery read_new_delivery(const http::Request& request);

/// `{template, recipients, log_ids, via}`.
SendRequest read_send(const http::Request& request);

}  // namespace parley::outreach
