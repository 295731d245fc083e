#include "simcam/serve/control.h"

#include <cerrno>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace veilgate::simcam {
namespace {

constexpr std::size_t kLongestLine = 4096;

Result<int> listen_on(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    return Error(ErrorCode::kInvalidInput, "--control: the path is too long");
  std::memcpy(address.sun_path, path.c_str(), path.size());
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto* at = reinterpret_cast<const sockaddr*>(&address);
  if (fd >= 0 && connect(fd, at, sizeof address) == 0) {
    close(fd);
    return Error(ErrorCode::kUnavailable, "--control: another process listens on " + path);
  }
  unlink(path.c_str());
  if (fd < 0 || bind(fd, at, sizeof address) != 0 || listen(fd, 4) != 0) {
    const std::string why = std::strerror(errno);
    if (fd >= 0) close(fd);
    return Error(ErrorCode::kPermission, "--control " + path + ": " + why);
  }
  return fd;
}

}  // namespace

Result<std::unique_ptr<Control>> Control::create(const std::string& where, Handler handler) {
  const bool standard = where == "-";
  std::unique_ptr<Control> control(new Control(std::move(handler), standard ? "" : where));
  if (standard) {
    control->peers_.push_back({STDIN_FILENO, STDOUT_FILENO, {}});
  } else {
    VG_TRY(control->listener_, listen_on(where));
  }
  if (pipe(control->wake_) != 0) return Error(ErrorCode::kExhausted, "no more file descriptors");
  control->thread_ = std::thread([raw = control.get()] { raw->run(); });
  return control;
}

Control::~Control() {
  if (thread_.joinable()) {
    (void)!write(wake_[1], "x", 1);
    thread_.join();
  }
  for (const Peer& peer : peers_)
    if (peer.in > STDERR_FILENO) close(peer.in);
  for (const int fd : {listener_, wake_[0], wake_[1]})
    if (fd >= 0) close(fd);
  if (!path_.empty()) unlink(path_.c_str());
}

void Control::run() {
  for (;;) {
    std::vector<pollfd> waits = {{wake_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const Peer& peer : peers_) waits.push_back({peer.in, POLLIN, 0});
    if (poll(waits.data(), waits.size(), -1) < 0 && errno != EINTR) return;
    if (waits[0].revents != 0) return;
    for (std::size_t i = peers_.size(); i-- > 0;)
      if (waits[i + 2].revents != 0 && !serve(peers_[i])) {
        if (peers_[i].in > STDERR_FILENO) close(peers_[i].in);
        peers_.erase(peers_.begin() + static_cast<std::ptrdiff_t>(i));
      }
    if (waits[1].revents & POLLIN)
      if (const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC); fd >= 0)
        peers_.push_back({fd, fd, {}});
  }
}

bool Control::serve(Peer& peer) {
  char chunk[1024];
  const ssize_t count = read(peer.in, chunk, sizeof chunk);
  if (count <= 0) return false;
  peer.pending.append(chunk, static_cast<std::size_t>(count));
  for (std::size_t end; (end = peer.pending.find('\n')) != std::string::npos;) {
    const std::string answer = handler_(peer.pending.substr(0, end)) + "\n";
    peer.pending.erase(0, end + 1);
    const bool socket = peer.out > STDERR_FILENO;
    const ssize_t sent = socket ? send(peer.out, answer.data(), answer.size(), MSG_NOSIGNAL)
                                : write(peer.out, answer.data(), answer.size());
    if (sent < 0) return false;
  }
  return peer.pending.size() < kLongestLine;
}

}  // namespace veilgate::simcam
