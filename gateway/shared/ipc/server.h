#pragma once
// A Unix SOCK_SEQPACKET server. The kernel says who connects (SO_PEERCRED); who is not allowed is cut off before a
// byte of theirs is read. One socket per role where several roles share a uid: the receiver decides who spoke.
// Thread word: thread-bound to its loop; a Responder is thread-safe.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "ipc/connection.h"

namespace veilgate::ipc {

/// Answers one request, once, from any thread. Dropped when its peer is gone. Copies answer the same request.
class Responder {
 public:
  void send(Message answer) const;

 private:
  friend class Server;
  std::shared_ptr<Mailbox> mailbox_;
  std::weak_ptr<class ServerPeers> peers_;
  std::uint64_t connection_ = 0;
  std::uint64_t request_id_ = 0;
};

struct ServerCounters {
  std::uint64_t accepted = 0;         ///< connections
  std::uint64_t refused_peers = 0;    ///< wrong uid, or too many connections
  std::uint64_t messages = 0;
  std::uint64_t broken_frames = 0;    ///< connections closed for garbage or size
  std::uint64_t slow_peers = 0;       ///< connections closed because they do not take their answers
};

class Server {
 public:
  struct Settings {
    std::string path;                  ///< at most 107 bytes; a stale socket file is replaced, a living one is not
    std::vector<uid_t> allowed_uids{}; ///< empty = our own uid only
    std::size_t max_connections = 64;
    mode_t mode = 0600;                ///< of the socket file
  };
  using Handler = std::function<void(const Peer&, Message&& request, Responder)>;

  static Result<std::unique_ptr<Server>> create(EventLoop& loop, Settings settings, Handler handler);
  ~Server();  ///< closes all connections and removes the socket file

  const ServerCounters& counters() const { return counters_; }

 private:
  Server(EventLoop& loop, Settings settings, Handler handler, UniqueFd listener);
  void accept_peers();
  void admit(UniqueFd fd);
  void on_closed(std::uint64_t connection, const Error& error);
  bool allowed(uid_t uid) const;

  EventLoop& loop_;
  Settings settings_;
  Handler handler_;
  UniqueFd listener_;
  std::shared_ptr<ServerPeers> peers_;
  std::uint64_t next_connection_ = 1;
  ServerCounters counters_;
};

}  // namespace veilgate::ipc
