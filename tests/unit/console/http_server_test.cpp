#include "http/http_server.h"

#include <thread>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include "ipc/unique_fd.h"

namespace veilgate::console {
namespace {

using namespace std::chrono_literals;

class HttpServerTest : public testing::Test {
 protected:
  void serve() {
    auto server = HttpServer::start(settings_, [](const std::string& path) {
      if (path == "/live") return HttpResponse{200, "text/plain", "ok\n"};
      return HttpResponse{404, "text/plain", "not found\n"};
    });
    ASSERT_TRUE(server) << server.error().message();
    server_ = std::move(*server);
  }
  ipc::UniqueFd connect() {
    ipc::UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server_->port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    return fd;
  }
  static void say(const ipc::UniqueFd& fd, const std::string& text) {
    (void)!send(fd.get(), text.data(), text.size(), MSG_NOSIGNAL);
  }
  /// Everything until the server closes; at most 10 s.
  static std::string all(const ipc::UniqueFd& fd) {
    std::string text;
    char buffer[4096];
    pollfd ready{fd.get(), POLLIN, 0};
    while (poll(&ready, 1, 10'000) > 0) {
      const ssize_t size = recv(fd.get(), buffer, sizeof buffer, 0);
      if (size <= 0) return text;
      text.append(buffer, static_cast<std::size_t>(size));
    }
    ADD_FAILURE() << "the server keeps the connection open";
    return text;
  }
  std::string ask(const std::string& request) {
    const auto fd = connect();
    say(fd, request);
    return all(fd);
  }
  HttpServer::Settings settings_{.request_timeout = 300ms, .idle_timeout = 300ms};
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, AnswersGetAndNothingElse) {
  serve();
  const auto live = ask("GET /live?x=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(live.rfind("HTTP/1.1 200", 0), 0u);
  EXPECT_NE(live.find("\r\n\r\nok\n"), std::string::npos);
  EXPECT_NE(live.find("Cache-Control: no-store"), std::string::npos);
  EXPECT_EQ(live.find("Server:"), std::string::npos);
  EXPECT_EQ(ask("GET /secret HTTP/1.1\r\nConnection: close\r\n\r\n").rfind("HTTP/1.1 404", 0), 0u);
  for (const char* method : {"POST", "PUT", "DELETE", "TRACE", "BREW"}) {
    const auto refused = ask(std::string(method) + " /live HTTP/1.1\r\n\r\n");
    EXPECT_EQ(refused.rfind("HTTP/1.1 405", 0), 0u) << method;
    EXPECT_NE(refused.find("Allow: GET, HEAD"), std::string::npos);
  }
}

TEST_F(HttpServerTest, HeadHasTheLengthAndNoBody) {
  serve();
  const auto head = ask("HEAD /live HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_NE(head.find("Content-Length: 3"), std::string::npos);
  EXPECT_EQ(head.find("ok\n"), std::string::npos);
}

TEST_F(HttpServerTest, ASlowClientIsCutOff) {
  serve();
  const auto fd = connect();
  say(fd, "GET /live HT");
  const auto began = std::chrono::steady_clock::now();
  all(fd);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
  while (server_->counters().timeouts == 0 && std::chrono::steady_clock::now() - began < 5s) std::this_thread::yield();
  EXPECT_EQ(server_->counters().timeouts, 1u);
}

TEST_F(HttpServerTest, ADrippingClientGetsNoMoreTimeThanASlowOne) {
  serve();
  const auto fd = connect();
  const auto began = std::chrono::steady_clock::now();
  pollfd closed{fd.get(), POLLIN, 0};
  std::string header = "GET /live HTTP/1.1\r\n";
  for (std::size_t i = 0; poll(&closed, 1, 20) == 0; ++i) {
    say(fd, i < header.size() ? header.substr(i, 1) : "a");
    if (std::chrono::steady_clock::now() - began > 8s) break;
  }
  EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
}

TEST_F(HttpServerTest, AnOversizedHeaderIsRefused) {
  serve();
  const auto answer = ask("GET /live HTTP/1.1\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n");
  EXPECT_TRUE(answer.empty() || answer.rfind("HTTP/1.1 431", 0) == 0) << answer;
  EXPECT_EQ(server_->counters().bad_requests, 1u);
}

TEST_F(HttpServerTest, ABodyIsRefusedBeforeItIsRead) {
  serve();
  const auto answer = ask("GET /live HTTP/1.1\r\nContent-Length: 100000000\r\n\r\n");
  EXPECT_EQ(answer.find("200 OK"), std::string::npos);
}

TEST_F(HttpServerTest, GarbageIsRefused) {
  serve();
  EXPECT_EQ(ask(std::string("\x16\x03\x01\0\0\r\n\r\n", 9)).find("200"), std::string::npos);
  EXPECT_EQ(server_->counters().requests, 0u);
}

TEST_F(HttpServerTest, ConnectionsBeyondTheLimitAreClosedAndTheOthersServed) {
  settings_.max_connections = 2;
  settings_.request_timeout = 20s;
  serve();
  const auto first = connect(), second = connect();
  const auto third = connect();
  EXPECT_EQ(all(third), "");
  EXPECT_EQ(server_->counters().refused_connections, 1u);
  say(first, "GET /live HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_NE(all(first).find("200 OK"), std::string::npos);
}

TEST_F(HttpServerTest, AConnectionIsNotServedForEver) {
  settings_.max_requests = 3;
  serve();
  const auto fd = connect();
  for (int i = 0; i < 5; ++i) say(fd, "GET /live HTTP/1.1\r\n\r\n");
  const auto text = all(fd);
  std::size_t answers = 0;
  for (auto at = text.find("200 OK"); at != std::string::npos; at = text.find("200 OK", at + 1)) ++answers;
  EXPECT_EQ(answers, 3u);
}

TEST_F(HttpServerTest, AnAddressThatIsTakenOrWrongIsAnError) {
  serve();
  settings_.port = server_->port();
  EXPECT_FALSE(HttpServer::start(settings_, [](const std::string&) { return HttpResponse{}; }));
  settings_.address = "not-an-address";
  EXPECT_FALSE(HttpServer::start(settings_, [](const std::string&) { return HttpResponse{}; }));
}

}  // namespace
}  // namespace veilgate::console
