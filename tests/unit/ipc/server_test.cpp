#include "ipc/server.h"

#include <thread>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "ipc/channel.h"
#include "ipc/client.h"
#include "support/temp_dir.h"

namespace veilgate::ipc {
namespace {

using namespace std::chrono_literals;

/// A server that echoes, on a loop that the test turns.
class ServerTest : public testing::Test {
 protected:
  void SetUp() override {
    loop_ = *EventLoop::create();
    settings_.path = dir_.path() + "/s.sock";
  }
  void serve() {
    auto server = Server::create(*loop_, settings_, [this](const Peer& peer, Message&& request, Responder responder) {
      last_peer_ = peer;
      if (hold_) return held_.push_back(responder);
      responder.send(Message{"echo", 0, request.json, std::move(request.body)});
    });
    ASSERT_TRUE(server) << server.error().message();
    server_ = std::move(*server);
  }
  template <typename Condition>
  bool turn_until(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + 10s;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) return false;
      loop_->turn(20ms);
    }
    return true;
  }
  Channel connect() {
    auto channel = Channel::connect(settings_.path);
    EXPECT_TRUE(channel);
    return std::move(*channel);
  }

  test::TempDir dir_;
  std::unique_ptr<EventLoop> loop_;
  Server::Settings settings_;
  std::unique_ptr<Server> server_;
  Peer last_peer_;
  bool hold_ = false;
  std::vector<Responder> held_;
};

TEST_F(ServerTest, KnowsItsPeerFromTheKernelAndAnswersIt) {
  serve();
  auto channel = connect();
  ASSERT_TRUE(channel.send(Message{"hello", 5, R"({"uid":0})", {1}}, 1s));
  ASSERT_TRUE(turn_until([&] { return server_->counters().messages == 1; }));
  loop_->turn(0ms);
  const auto answer = channel.receive(5s);
  ASSERT_TRUE(answer && *answer);
  EXPECT_EQ((*answer)->id, 5u);
  EXPECT_EQ((*answer)->body, Bytes{1});
  EXPECT_EQ(last_peer_.uid, geteuid());
  EXPECT_EQ(last_peer_.pid, getpid());
}

TEST_F(ServerTest, CutsOffAUidThatIsNotAllowed) {
  settings_.allowed_uids = {geteuid() + 1};
  serve();
  auto channel = connect();
  ASSERT_TRUE(turn_until([&] { return server_->counters().refused_peers == 1; }));
  EXPECT_FALSE(channel.receive(5s));
  EXPECT_EQ(server_->counters().messages, 0u);
}

TEST_F(ServerTest, ClosesAndCountsGarbageWhileOthersGoOn) {
  serve();
  auto good = connect();
  auto bad = connect();
  ASSERT_GT(send(bad.fd(), "\0VGgarbage", 10, 0), 0);
  ASSERT_TRUE(turn_until([&] { return server_->counters().broken_frames == 1; }));
  EXPECT_FALSE(bad.receive(5s));
  ASSERT_TRUE(good.send(Message{"hello", 1, {}, {}}, 1s));
  ASSERT_TRUE(turn_until([&] { return good.receive(0ms).value().has_value(); }));
}

TEST_F(ServerTest, LimitsItsConnections) {
  settings_.max_connections = 2;
  serve();
  auto first = connect(), second = connect(), third = connect();
  ASSERT_TRUE(turn_until([&] { return server_->counters().refused_peers == 1; }));
  EXPECT_EQ(server_->counters().accepted, 2u);
  EXPECT_FALSE(third.receive(5s));
}

TEST_F(ServerTest, ClosesAPeerThatNeverTakesItsAnswers) {
  serve();
  auto greedy = connect();
  const Message large{"hello", 9, {}, Bytes(400'000)};
  std::thread writer([&] {
    while (greedy.send(large, 10s)) {}  // never reads
  });
  EXPECT_TRUE(turn_until([&] { return server_->counters().slow_peers == 1; }));
  writer.join();
}

TEST_F(ServerTest, DoesNotReplaceALivingServerButAStaleFile) {
  serve();
  const auto second = Server::create(*loop_, settings_, [](const Peer&, Message&&, Responder) {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), ErrorCode::kUnavailable);
  server_.reset();
  UniqueFd stale(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::copy(settings_.path.begin(), settings_.path.end(), address.sun_path);
  ASSERT_EQ(bind(stale.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  stale.reset();  // the file stays behind, as after SIGKILL
  serve();
}

TEST_F(ServerTest, SocketFileIsForItsOwnerOnly) {
  serve();
  struct stat info{};
  ASSERT_EQ(stat(settings_.path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  server_.reset();
  EXPECT_NE(stat(settings_.path.c_str(), &info), 0);
}

TEST_F(ServerTest, AnswersFromAnotherThreadReachThePeer) {
  hold_ = true;
  serve();
  auto channel = connect();
  ASSERT_TRUE(channel.send(Message{"hello", 3, {}, {}}, 1s));
  ASSERT_TRUE(turn_until([&] { return held_.size() == 1; }));
  std::thread other([&] { held_[0].send(Message{"done", 0, {}, {}}); });
  other.join();
  loop_->turn(0ms);
  EXPECT_TRUE(channel.receive(5s).value().has_value());
}

TEST_F(ServerTest, AnswersForAPeerOrServerThatIsGoneAreDropped) {
  hold_ = true;
  serve();
  {
    auto channel = connect();
    ASSERT_TRUE(channel.send(Message{"hello", 3, {}, {}}, 1s));
    ASSERT_TRUE(turn_until([&] { return held_.size() == 1; }));
  }
  held_[0].send(Message{"done", 0, {}, {}});
  loop_->turn(0ms);
  server_.reset();
  held_[0].send(Message{"done", 0, {}, {}});
  loop_->turn(0ms);
}

TEST_F(ServerTest, ClientPipelinesRequestsAndMatchesAnswersOutOfOrder) {
  hold_ = true;
  serve();
  Client client(*loop_, settings_.path, {});
  ASSERT_TRUE(turn_until([&] { return client.connected(); }));
  std::vector<std::string> answers(3);
  for (std::size_t i = 0; i < 3; ++i)
    client.request(Message{"hello", 0, {}, {}}, 10s, [&, i](Result<Message> got) {
      answers[i] = got ? got->kind : "error";
    });
  ASSERT_TRUE(turn_until([&] { return held_.size() == 3; }));
  held_[2].send(Message{"third", 0, {}, {}});
  held_[0].send(Message{"first", 0, {}, {}});
  held_[1].send(Message{"second", 0, {}, {}});
  ASSERT_TRUE(turn_until([&] { return !answers[0].empty() && !answers[1].empty() && !answers[2].empty(); }));
  EXPECT_EQ(answers, (std::vector<std::string>{"first", "second", "third"}));
}

TEST_F(ServerTest, ClientAnswersEveryRequestWhenTheServerDiesAndReconnects) {
  hold_ = true;
  serve();
  Client client(*loop_, settings_.path, {});
  ASSERT_TRUE(turn_until([&] { return client.connected(); }));
  int failed = 0;
  client.request(Message{"hello", 0, {}, {}}, 60s, [&](Result<Message> got) { failed += !got; });
  ASSERT_TRUE(turn_until([&] { return held_.size() == 1; }));
  server_.reset();
  ASSERT_TRUE(turn_until([&] { return failed == 1; }));
  EXPECT_FALSE(client.connected());
  client.request(Message{"hello", 0, {}, {}}, 60s, [&](Result<Message> got) { failed += !got; });
  EXPECT_TRUE(turn_until([&] { return failed == 2; }));
  serve();
  EXPECT_TRUE(turn_until([&] { return client.connected(); }));
}

TEST_F(ServerTest, ClientGivesUpAtItsDeadline) {
  hold_ = true;
  serve();
  Client client(*loop_, settings_.path, {});
  ASSERT_TRUE(turn_until([&] { return client.connected(); }));
  bool late = false;
  client.request(Message{"hello", 0, {}, {}}, 30ms, [&](Result<Message> got) { late = !got; });
  EXPECT_TRUE(turn_until([&] { return late; }));
}

TEST_F(ServerTest, ABlockingCallGetsItsAnswer) {
  serve();
  bool done = false;
  Result<Message> answer = Error(ErrorCode::kInternal, "");
  std::thread caller([&] {
    answer = call(settings_.path, Message{"hello", 0, {}, {7}}, 10s);
    loop_->post([&] { done = true; });
  });
  EXPECT_TRUE(turn_until([&] { return done; }));
  caller.join();
  ASSERT_TRUE(answer) << answer.error().message();
  EXPECT_EQ(answer->body, Bytes{7});
}

}  // namespace
}  // namespace veilgate::ipc
