#include "ipc/server.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "core/log.h"
#include "ipc/channel.h"

namespace veilgate::ipc {

/// The living connections, shared weakly with responders in other threads.
class ServerPeers {
 public:
  std::map<std::uint64_t, std::unique_ptr<Connection>> connections;
  std::function<void(std::uint64_t, const Error&)> on_stuck;

  void send(std::uint64_t connection, const Message& message) {
    const auto found = connections.find(connection);
    if (found == connections.end()) return;
    if (auto sent = found->second->send(message); !sent) on_stuck(connection, sent.error());
  }
};

void Responder::send(Message answer) const {
  if (request_id_ == 0 || !mailbox_) return;  // the request wanted no answer
  answer.id = request_id_;
  mailbox_->post([peers = peers_, connection = connection_, message = std::move(answer)] {
    if (const auto living = peers.lock()) living->send(connection, message);
  });
}

namespace {

Result<UniqueFd> listen_on(const Server::Settings& settings) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (settings.path.size() >= sizeof address.sun_path)
    return Error(ErrorCode::kInvalidInput, settings.path + ": a socket path has at most 107 bytes");
  std::copy(settings.path.begin(), settings.path.end(), address.sun_path);
  if (Channel::connect(settings.path))
    return Error(ErrorCode::kUnavailable, settings.path + ": another process is serving here already");
  struct stat before{};
  if (lstat(settings.path.c_str(), &before) == 0 && S_ISSOCK(before.st_mode)) unlink(settings.path.c_str());

  UniqueFd fd(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const mode_t old = umask(0177 & ~settings.mode);
  const bool bound = bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  umask(old);
  if (!bound || chmod(settings.path.c_str(), settings.mode) != 0 || listen(fd.get(), 64) != 0)
    return Error(ErrorCode::kUnavailable, settings.path + ": " + std::strerror(errno));
  return fd;
}

}  // namespace

Result<std::unique_ptr<Server>> Server::create(EventLoop& loop, Settings settings, Handler handler) {
  VG_TRY(auto listener, listen_on(settings));
  return std::unique_ptr<Server>(new Server(loop, std::move(settings), std::move(handler), std::move(listener)));
}

Server::Server(EventLoop& loop, Settings settings, Handler handler, UniqueFd listener)
    : loop_(loop), settings_(std::move(settings)), handler_(std::move(handler)), listener_(std::move(listener)),
      peers_(std::make_shared<ServerPeers>()) {
  peers_->on_stuck = [this](std::uint64_t connection, const Error& error) { on_closed(connection, error); };
  loop_.watch(listener_.get(), POLLIN, [this](short) { accept_peers(); });
}

Server::~Server() {
  loop_.unwatch(listener_.get());
  unlink(settings_.path.c_str());
}

bool Server::allowed(uid_t uid) const {
  if (settings_.allowed_uids.empty()) return uid == geteuid();
  return std::find(settings_.allowed_uids.begin(), settings_.allowed_uids.end(), uid) !=
         settings_.allowed_uids.end();
}

void Server::accept_peers() {
  while (true) {
    UniqueFd fd(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!fd) return;
    admit(std::move(fd));
  }
}

void Server::admit(UniqueFd fd) {
  auto peer = peer_of(fd.get());
  if (!peer || !allowed(peer->uid) || peers_->connections.size() >= settings_.max_connections) {
    ++counters_.refused_peers;
    VG_LOG(kWarning, "ipc", "refused peer socket=" + settings_.path +
                                (peer ? " uid=" + std::to_string(peer->uid) : std::string()));
    return;
  }
  ++counters_.accepted;
  peer->connection = next_connection_++;
  const std::uint64_t id = peer->connection;
  Connection::Callbacks callbacks;
  callbacks.on_message = [this, who = *peer](Message&& message) {
    ++counters_.messages;
    Responder responder;
    responder.mailbox_ = loop_.mailbox();
    responder.peers_ = peers_;
    responder.connection_ = who.connection;
    responder.request_id_ = message.id;
    handler_(who, std::move(message), std::move(responder));
  };
  callbacks.on_closed = [this, id](const Error& error) { on_closed(id, error); };
  peers_->connections[id] = std::make_unique<Connection>(loop_, std::move(fd), std::move(callbacks));
}

void Server::on_closed(std::uint64_t connection, const Error& error) {
  if (error.code() == ErrorCode::kInvalidInput) {
    ++counters_.broken_frames;
    VG_LOG(kWarning, "ipc", "closed peer socket=" + settings_.path + " reason=" + error.message());
  } else if (error.code() == ErrorCode::kExhausted) {
    ++counters_.slow_peers;
  }
  peers_->connections.erase(connection);
}

}  // namespace veilgate::ipc
