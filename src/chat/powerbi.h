#pragma once

// A Power BI dataset as a data source: the executeQueries call with DAX, and the client-credentials
// flow for its tokens. Both base URLs come from the settings. See data_source.h.

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "chat/data_source.h"
#include "http/client.h"

namespace parley::chat {

/// Tokens until shortly before they expire, one for each set of credentials. Any thread.
class PowerBiTokens {
 public:
  explicit PowerBiTokens(const Clock& clock) : clock_(clock) {}

  /// The token that is still good; empty when there is none.
  std::string find(const std::string& credentials) const;
  void keep(const std::string& credentials, std::string token, std::chrono::seconds lifetime);
  void forget(const std::string& credentials);

 private:
  struct Kept {
    std::string token;
    Timestamp until;
  };

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::string, Kept> by_credentials_;
};

/// `config`: tenant_id, client_id, client_secret, workspace_id, dataset_id. Throws as
/// DataSources::open. What is referred to must outlive the source.
std::unique_ptr<DataSource> open_powerbi_source(const DataSourceSettings& settings,
                                                http::Client& client, PowerBiTokens& tokens,
                                                const Json& config);

/// The rows in the answer of executeQueries. Throws Error{Unavailable} when they cannot be read.
DataRows powerbi_rows(const Json& answer, std::size_t rows_max);

/// What Power BI says is wrong, in the most telling words that the answer has.
std::string powerbi_error_text(int status, std::string_view body);

/// A table and a column in DAX, quoted: `'Sales'[City]`.
std::string dax_column(std::string_view table, std::string_view column);

}  // namespace parley::chat
