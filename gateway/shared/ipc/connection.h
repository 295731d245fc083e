#pragma once
// One peer on an EventLoop: messages in, messages out through a bounded queue. Whatever breaks the rules of framing
// closes the connection with a reason.
// Thread word: thread-bound to its loop.

#include <deque>
#include <functional>
#include <memory>
#include <string>

#include <sys/types.h>

#include "core/result.h"
#include "ipc/event_loop.h"
#include "ipc/message.h"
#include "ipc/unique_fd.h"

namespace veilgate::ipc {

/// Who is at the other end, from the kernel (SO_PEERCRED), never from what it says.
struct Peer {
  uid_t uid = static_cast<uid_t>(-1);
  gid_t gid = static_cast<gid_t>(-1);
  pid_t pid = -1;
  std::uint64_t connection = 0;  ///< unique within a server
};
Result<Peer> peer_of(int fd);

class Connection {
 public:
  struct Callbacks {
    std::function<void(Message&&)> on_message;
    /// kUnavailable: the peer closed; kInvalidInput: it broke the framing; kExhausted: it does not take its answers.
    /// The connection is closed already; it may be destroyed in here.
    std::function<void(const Error&)> on_closed;
  };
  static constexpr std::size_t kMaxQueuedBytes = 4 * kMaxFrameBytes;

  Connection(EventLoop& loop, UniqueFd fd, Callbacks callbacks);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Queues the message. kExhausted when the queue is full: the message was not queued. kUnavailable after close.
  Result<void> send(const Message& message);
  /// Takes in everything the peer has sent so far, now. For the last words of a peer that has ended.
  void drain();
  void close();  ///< quietly: no on_closed
  bool open() const { return static_cast<bool>(fd_); }
  std::size_t queued_bytes() const { return queued_bytes_; }

 private:
  void on_events(short revents);
  enum class Read { kMore, kNothingLeft };
  Read read_packets();
  void write_packets();
  void fail(const Error& error);

  EventLoop& loop_;
  UniqueFd fd_;
  std::shared_ptr<Callbacks> callbacks_;
  MessageAssembler assembler_;
  std::deque<Bytes> outgoing_;
  std::size_t queued_bytes_ = 0;
  std::shared_ptr<bool> alive_;  ///< false once destroyed: callbacks may destroy the connection
};

}  // namespace veilgate::ipc
