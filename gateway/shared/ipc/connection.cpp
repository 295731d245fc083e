#include "ipc/connection.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

namespace veilgate::ipc {
namespace {
constexpr int kPacketsPerTurn = 64;  // one busy peer must not starve the others on the loop
}

Result<Peer> peer_of(int fd) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0 || size != sizeof credentials)
    return Error(ErrorCode::kUntrusted, std::string("SO_PEERCRED: ") + std::strerror(errno));
  return Peer{credentials.uid, credentials.gid, credentials.pid, 0};
}

Connection::Connection(EventLoop& loop, UniqueFd fd, Callbacks callbacks)
    : loop_(loop), fd_(std::move(fd)), callbacks_(std::make_shared<Callbacks>(std::move(callbacks))),
      alive_(std::make_shared<bool>(true)) {
  fcntl(fd_.get(), F_SETFL, fcntl(fd_.get(), F_GETFL) | O_NONBLOCK);
  loop_.watch(fd_.get(), POLLIN, [this](short revents) { on_events(revents); });
}

Connection::~Connection() {
  *alive_ = false;
  close();
}

void Connection::close() {
  if (!fd_) return;
  loop_.unwatch(fd_.get());
  fd_.reset();
}

Result<void> Connection::send(const Message& message) {
  if (!fd_) return Error(ErrorCode::kUnavailable, "the connection is closed");
  VG_TRY(auto packets, to_packets(message));
  std::size_t bytes = 0;
  for (const auto& packet : packets) bytes += packet.size();
  if (queued_bytes_ + bytes > kMaxQueuedBytes)
    return Error(ErrorCode::kExhausted, "the peer does not take its messages");
  queued_bytes_ += bytes;
  for (auto& packet : packets) outgoing_.push_back(std::move(packet));
  write_packets();
  return {};
}

void Connection::on_events(short revents) {
  const auto alive = alive_;
  if (revents & (POLLIN | POLLHUP | POLLERR)) (void)read_packets();
  if (*alive && fd_ && (revents & POLLOUT)) write_packets();
}

Connection::Read Connection::read_packets() {
  const auto alive = alive_;
  const auto callbacks = callbacks_;  // a callback may destroy this connection
  std::array<std::uint8_t, kMaxFragmentBytes + 2> buffer;
  for (int i = 0; i < kPacketsPerTurn; ++i) {
    if (!*alive || !fd_) return Read::kNothingLeft;
    const ssize_t size = recv(fd_.get(), buffer.data(), buffer.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) return Read::kNothingLeft;
    if (size < 0) {
      fail({ErrorCode::kUnavailable, std::string("receive: ") + std::strerror(errno)});
      return Read::kNothingLeft;
    }
    if (size == 0) {
      fail({ErrorCode::kUnavailable, "the peer closed the connection"});
      return Read::kNothingLeft;
    }
    auto message = assembler_.feed({buffer.data(), static_cast<std::size_t>(size)});
    if (!message) {
      fail(message.error());
      return Read::kNothingLeft;
    }
    if (*message) callbacks->on_message(std::move(**message));
  }
  return Read::kMore;
}

void Connection::drain() {
  while (read_packets() == Read::kMore) {}
}

void Connection::write_packets() {
  while (!outgoing_.empty()) {
    const auto& packet = outgoing_.front();
    if (::send(fd_.get(), packet.data(), packet.size(), MSG_NOSIGNAL) < 0) {
      if (errno == EINTR) continue;
      // Anything else than a full buffer shows up as POLLHUP or POLLERR on the next turn.
      if (errno != EAGAIN && errno != ENOBUFS) outgoing_.clear();
      break;
    }
    queued_bytes_ -= packet.size();
    outgoing_.pop_front();
  }
  if (outgoing_.empty()) queued_bytes_ = 0;
  loop_.set_events(fd_.get(), outgoing_.empty() ? POLLIN : POLLIN | POLLOUT);
}

void Connection::fail(const Error& error) {
  close();
  const auto callbacks = callbacks_;
  if (callbacks->on_closed) callbacks->on_closed(error);
}

}  // namespace veilgate::ipc
