#include "ipc/channel.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace veilgate::ipc {
namespace {

using SteadyClock = std::chrono::steady_clock;

Error gone(const std::string& what) { return {ErrorCode::kUnavailable, what}; }

Result<bool> wait_for(int fd, short events, SteadyClock::time_point deadline) {
  while (true) {
    const auto left = std::chrono::ceil<Millis>(deadline - SteadyClock::now()).count();
    pollfd entry{fd, events, 0};
    const int limit = std::numeric_limits<int>::max();
    const int ready = poll(&entry, 1, static_cast<int>(std::clamp<std::int64_t>(left, 0, limit)));
    if (ready > 0) return true;
    if (ready == 0) return false;
    if (errno != EINTR) return gone(std::string("poll: ") + std::strerror(errno));
  }
}

}  // namespace

Result<Channel> Channel::connect(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    return Error(ErrorCode::kInvalidInput, path + ": a socket path has at most 107 bytes");
  std::copy(path.begin(), path.end(), address.sun_path);
  UniqueFd fd(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  if (!fd) return gone(std::string("socket: ") + std::strerror(errno));
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const auto code = errno == EACCES || errno == EPERM ? ErrorCode::kPermission : ErrorCode::kUnavailable;
    return Error(code, path + ": " + std::strerror(errno));
  }
  return Channel(std::move(fd));
}

Result<std::pair<UniqueFd, UniqueFd>> Channel::pair() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    return gone(std::string("socketpair: ") + std::strerror(errno));
  return std::pair(UniqueFd(ends[0]), UniqueFd(ends[1]));
}

Result<void> Channel::send(const Message& message, Millis timeout) {
  const auto deadline = SteadyClock::now() + timeout;
  VG_TRY(const auto packets, to_packets(message));
  for (const auto& packet : packets) {
    while (::send(fd_.get(), packet.data(), packet.size(), MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
      if (errno == EINTR) continue;
      if (errno != EAGAIN) return gone(std::string("send: ") + std::strerror(errno));
      VG_TRY(const bool ready, wait_for(fd_.get(), POLLOUT, deadline));
      if (!ready) return gone("send: the peer does not take it");
    }
  }
  return {};
}

Result<std::optional<Message>> Channel::receive(Millis timeout) {
  const auto deadline = SteadyClock::now() + timeout;
  Bytes buffer(kMaxFragmentBytes + 2);
  while (true) {
    const ssize_t size = recv(fd_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size == 0) return gone("the peer closed the connection");
    if (size > 0) {
      VG_TRY(auto message, assembler_.feed({buffer.data(), static_cast<std::size_t>(size)}));
      if (message) return message;
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return gone(std::string("receive: ") + std::strerror(errno));
    VG_TRY(const bool ready, wait_for(fd_.get(), POLLIN, deadline));
    if (!ready) return std::optional<Message>();
  }
}

Result<Message> call(const std::string& socket_path, Message request, Millis timeout) {
  VG_TRY(auto channel, Channel::connect(socket_path));
  request.id = 1;
  VG_CHECK(channel.send(request, timeout));
  const auto deadline = SteadyClock::now() + timeout;
  while (true) {
    const auto left = std::chrono::ceil<Millis>(deadline - SteadyClock::now());
    VG_TRY(auto answer, channel.receive(std::max(left, Millis{0})));
    if (!answer) return gone(socket_path + ": no answer in time");
    if (answer->id == request.id) return std::move(*answer);
  }
}

}  // namespace veilgate::ipc
