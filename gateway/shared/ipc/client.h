#pragma once
// A client that keeps its connection: it reconnects by itself (50 ms → 2 s), sends requests without waiting for the
// answers before them, and answers every request exactly once: with the peer's answer, or with kUnavailable when the
// connection broke or the deadline passed. Whether the peer acted on an unanswered request is unknown.
// Thread word: thread-bound to its loop.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "core/clock.h"
#include "core/result.h"
#include "ipc/connection.h"

namespace veilgate::ipc {

class Client {
 public:
  using Answer = std::function<void(Result<Message>)>;
  struct Callbacks {
    std::function<void()> on_connected;
    std::function<void()> on_lost;
  };

  Client(EventLoop& loop, std::string path, Callbacks callbacks);
  ~Client();  ///< unanswered requests are dropped silently

  bool connected() const { return connection_ != nullptr; }
  /// `message.id` is set here. Calls back later, never from inside.
  void request(Message message, Millis deadline, Answer answer);

 private:
  struct Pending {
    Answer answer;
    EventLoop::TimerId timer;
  };
  void connect();
  void schedule_reconnect();
  void on_message(Message&& message);
  void on_closed();
  void answer(std::uint64_t id, Result<Message> result);

  EventLoop& loop_;
  std::string path_;
  Callbacks callbacks_;
  std::unique_ptr<Connection> connection_;
  std::map<std::uint64_t, Pending> pending_;
  std::uint64_t next_id_ = 1;
  Millis backoff_;
  EventLoop::TimerId reconnect_timer_ = 0;
};

}  // namespace veilgate::ipc
