#include "http/http_server.h"

#include <atomic>
#include <thread>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace veilgate::console {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

struct LiveCounters {
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> refused_connections{0};
  std::atomic<std::uint64_t> bad_requests{0};
  std::atomic<std::uint64_t> timeouts{0};
  std::atomic<std::size_t> open{0};
};

/// What the sessions share; outlives them.
struct Shared {
  HttpServer::Settings settings;
  HttpServer::Handler handler;
  LiveCounters counters;
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, Shared& shared) : stream_(std::move(socket)), shared_(shared) { ++shared_.counters.open; }
  ~Session() { --shared_.counters.open; }

  void read(Millis timeout) {
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(shared_.settings.max_header_bytes));
    parser_->body_limit(shared_.settings.max_body_bytes);
    stream_.expires_after(timeout);
    http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](error_code error, std::size_t) {
      self->on_read(error);
    });
  }

 private:
  void on_read(error_code error) {
    if (error == http::error::end_of_stream) return;
    if (error == beast::error::timeout) {
      ++shared_.counters.timeouts;
      return;
    }
    if (error) {
      ++shared_.counters.bad_requests;
      const bool large = error == http::error::header_limit || error == http::error::body_limit ||
                         error == http::error::buffer_overflow;
      return answer({large ? 431 : 400, "text/plain", "bad request\n"}, Keep::kNo);
    }
    answer_request();
  }

  void answer_request() {
    ++shared_.counters.requests;
    const auto& request = parser_->get();
    const bool head = request.method() == http::verb::head;
    const bool keep = request.keep_alive() && ++served_ < shared_.settings.max_requests;
    if (request.method() != http::verb::get && !head) {
      ++shared_.counters.bad_requests;
      return answer({405, "text/plain", "only GET\n"}, Keep::kNo);
    }
    const std::string target(request.target());
    auto response = shared_.handler(target.substr(0, target.find('?')));
    head_only_ = head;
    answer(std::move(response), keep ? Keep::kYes : Keep::kNo);
  }

  enum class Keep { kNo, kYes };
  void answer(HttpResponse response, Keep keep) {
    response_.emplace(static_cast<http::status>(response.status), 11);
    response_->set(http::field::content_type, response.content_type);
    response_->set(http::field::cache_control, "no-store");
    response_->set("X-Content-Type-Options", "nosniff");
    if (response.status == 405) response_->set(http::field::allow, "GET, HEAD");
    response_->keep_alive(keep == Keep::kYes);
    response_->content_length(response.body.size());
    if (!head_only_) response_->body() = std::move(response.body);
    head_only_ = false;
    stream_.expires_after(shared_.settings.request_timeout);
    http::async_write(stream_, *response_, [self = shared_from_this(), keep](error_code error, std::size_t) {
      if (error == beast::error::timeout) ++self->shared_.counters.timeouts;
      if (!error && keep == Keep::kYes) return self->read(self->shared_.settings.idle_timeout);
      error_code ignored;
      self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    });
  }

  beast::tcp_stream stream_;
  Shared& shared_;
  beast::flat_buffer buffer_{16 * 1024};
  std::optional<http::request_parser<http::string_body>> parser_;
  std::optional<http::response<http::string_body>> response_;
  bool head_only_ = false;
  int served_ = 0;
};

}  // namespace

class HttpServer::Core {
 public:
  Core(Settings settings, Handler handler) : shared_{std::move(settings), std::move(handler), {}}, acceptor_(io_) {}
  ~Core() {
    io_.stop();
    if (thread_.joinable()) thread_.join();
  }

  Result<void> listen() {
    error_code error;
    const auto address = asio::ip::make_address(shared_.settings.address, error);
    if (error) return Error(ErrorCode::kInvalidInput, shared_.settings.address + ": not an IP address");
    const tcp::endpoint endpoint(address, shared_.settings.port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error)
      return Error(ErrorCode::kUnavailable, shared_.settings.address + ":" + std::to_string(shared_.settings.port) +
                                                ": " + error.message());
    port_ = acceptor_.local_endpoint().port();
    accept();
    thread_ = std::thread([this] { io_.run(); });
    return {};
  }

  std::uint16_t port() const { return port_; }
  HttpCounters counters() const {
    const auto& live = shared_.counters;
    return {live.requests, live.refused_connections, live.bad_requests, live.timeouts};
  }

 private:
  void accept() {
    acceptor_.async_accept([this](error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (!error) {
        if (shared_.counters.open >= shared_.settings.max_connections) ++shared_.counters.refused_connections;
        else std::make_shared<Session>(std::move(socket), shared_)->read(shared_.settings.request_timeout);
      }
      accept();
    });
  }

  Shared shared_;
  asio::io_context io_{1};
  tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

Result<std::unique_ptr<HttpServer>> HttpServer::start(Settings settings, Handler handler) {
  auto core = std::make_unique<Core>(std::move(settings), std::move(handler));
  VG_CHECK(core->listen());
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(core)));
}

HttpServer::HttpServer(std::unique_ptr<Core> core) : core_(std::move(core)) {}
HttpServer::~HttpServer() = default;
std::uint16_t HttpServer::port() const { return core_->port(); }
HttpCounters HttpServer::counters() const { return core_->counters(); }

}  // namespace veilgate::console
