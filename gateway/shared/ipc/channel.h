#pragma once
// A blocking message channel over one connected SOCK_SEQPACKET descriptor: for a worker's loop, for the command line
// and for tests. Servers and supervisors use Connection on an EventLoop instead.
// Thread word: send() and receive() may each be used by one thread at a time.

#include <optional>
#include <string>
#include <utility>

#include "core/clock.h"
#include "core/result.h"
#include "ipc/message.h"
#include "ipc/unique_fd.h"

namespace veilgate::ipc {

class Channel {
 public:
  explicit Channel(UniqueFd fd) : fd_(std::move(fd)) {}

  /// Connects to a listening socket. kUnavailable when nobody listens.
  static Result<Channel> connect(const std::string& path);
  /// A connected pair for parent and child; both ends close-on-exec.
  static Result<std::pair<UniqueFd, UniqueFd>> pair();

  /// kUnavailable when the peer is gone or does not take it within `timeout`.
  Result<void> send(const Message& message, Millis timeout);
  /// No value when nothing complete came within `timeout` (0 = look only). kUnavailable: the peer is gone;
  /// kInvalidInput: it sent garbage, close the channel.
  Result<std::optional<Message>> receive(Millis timeout);

  int fd() const { return fd_.get(); }
  UniqueFd release() { return std::move(fd_); }

 private:
  UniqueFd fd_;
  MessageAssembler assembler_;
};

/// One request and its answer over a fresh connection.
Result<Message> call(const std::string& socket_path, Message request, Millis timeout);

}  // namespace veilgate::ipc
