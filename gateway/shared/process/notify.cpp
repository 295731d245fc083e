#include "process/notify.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "ipc/unique_fd.h"

namespace veilgate::process {

void notify(const std::string& state) {
  const char* path = std::getenv("NOTIFY_SOCKET");
  if (!path || (path[0] != '/' && path[0] != '@')) return;
  const std::string name = path;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (name.size() >= sizeof address.sun_path) return;
  std::copy(name.begin(), name.end(), address.sun_path);
  if (name[0] == '@') address.sun_path[0] = '\0';  // an abstract socket
  const ipc::UniqueFd fd(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd) return;
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  // Nobody listening is systemd's affair, not ours.
  (void)!sendto(fd.get(), state.data(), state.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                reinterpret_cast<const sockaddr*>(&address), size);
}

void notify_status(const std::string& text) {
  std::string line = text;
  std::replace(line.begin(), line.end(), '\n', ' ');  // a newline would begin another assignment
  notify("STATUS=" + line);
}

void notify_progress() { notify("WATCHDOG=1"); }

std::optional<Millis> watchdog_period() {
  const char* pid = std::getenv("WATCHDOG_PID");
  if (pid && std::strtol(pid, nullptr, 10) != getpid()) return std::nullopt;
  const char* usec = std::getenv("WATCHDOG_USEC");
  const long long value = usec ? std::strtoll(usec, nullptr, 10) : 0;
  if (value <= 0) return std::nullopt;
  return std::max(Millis{1}, Millis{value / 2000});
}

}  // namespace veilgate::process
