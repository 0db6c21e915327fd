#pragma once

// The running server: every module's namespace verified and opened, its store, its routes, and the
// HTTP server in front. Built in one go by `open`, so that a server that cannot start has changed
// nothing but what it says.

#include <cstdint>
#include <memory>
#include <string>

#include "app/configuration.h"
#include "base/clock.h"
#include "http/router.h"

namespace parley::app {

struct ServiceOptions {
  bool may_migrate =
      true;  ///< False: check the schemas and refuse to start when something is pending.
  std::string tool_version;
};

class Service {
 public:
  /// Verifies and upgrades every namespace, then binds the address. `clock` must outlive the
  /// service. Throws Error{SchemaDrift}, {NotUpToDate}, {DatabaseNewer}, {CannotConnect},
  /// {FileSystem}, {InvalidConfiguration}, each saying what to do.
  Service(const Configuration& configuration, const Clock& clock, const ServiceOptions& options);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  /// `http://127.0.0.1:8000`.
  std::string address() const;

  /// What the server answers. Lives as long as the service.
  const http::Router& router() const;

  void start();

  /// Reads the certificate's files anew, after it was renewed; false when there is none. Throws
  /// Error{InvalidConfiguration}, and goes on with the one it has, when they cannot be used.
  bool renew_certificate();

  /// Answers what has begun, finishes what was accepted, ends the threads.
  void stop();

 private:
  void add_stream(const Clock& clock);
  void add_webhooks(const Clock& clock);
  void add_operations(const Configuration& configuration, const ServiceOptions& options);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace parley::app
