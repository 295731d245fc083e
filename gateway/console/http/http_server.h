#pragma once
// A small HTTP/1.1 server for GET only, in a thread of its own. What it has not understood within its limits it closes:
// header 8 KiB, no body to speak of, 5 s for a request, 15 s idle, 32 connections, 100 requests each (R-054: the only
// port; loopback unless configured otherwise).
// Thread word: the handler runs in the server's thread and must not block; everything else is thread-safe.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/clock.h"
#include "core/result.h"

namespace veilgate::console {

struct HttpResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

struct HttpCounters {
  std::uint64_t requests = 0;
  std::uint64_t refused_connections = 0;  ///< beyond max_connections
  std::uint64_t bad_requests = 0;         ///< not HTTP, too large, or not GET
  std::uint64_t timeouts = 0;
};

class HttpServer {
 public:
  struct Settings {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  ///< 0 = chosen by the kernel
    std::size_t max_connections = 32;
    std::size_t max_header_bytes = 8 * 1024;
    std::size_t max_body_bytes = 1024;
    Millis request_timeout{5'000};
    Millis idle_timeout{15'000};
    int max_requests = 100;  ///< per connection
  };
  /// The answer to GET `path` (without query); HEAD is answered from it.
  using Handler = std::function<HttpResponse(const std::string& path)>;

  /// kUnavailable when the address cannot be bound.
  static Result<std::unique_ptr<HttpServer>> start(Settings settings, Handler handler);
  ~HttpServer();  ///< ends the thread; open connections are cut

  std::uint16_t port() const;
  HttpCounters counters() const;

 private:
  class Core;
  explicit HttpServer(std::unique_ptr<Core> core);
  std::unique_ptr<Core> core_;
};

}  // namespace veilgate::console
