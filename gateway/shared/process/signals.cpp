#include "process/signals.h"

#include <cerrno>
#include <csignal>
#include <cstring>

#include <poll.h>
#include <sys/signalfd.h>

namespace veilgate::process {

Result<std::unique_ptr<Signals>> Signals::watch(ipc::EventLoop& loop, std::initializer_list<int> numbers,
                                                std::function<void(int)> on_signal) {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : numbers) sigaddset(&set, number);
  if (pthread_sigmask(SIG_BLOCK, &set, nullptr) != 0)
    return Error(ErrorCode::kInternal, "signals cannot be blocked");
  ipc::UniqueFd fd(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd) return Error(ErrorCode::kInternal, std::string("signalfd: ") + std::strerror(errno));
  std::unique_ptr<Signals> signals(new Signals(loop, std::move(fd)));
  const int raw = signals->fd_.get();
  loop.watch(raw, POLLIN, [raw, on_signal = std::move(on_signal)](short) {
    signalfd_siginfo info{};
    while (read(raw, &info, sizeof info) == sizeof info) on_signal(static_cast<int>(info.ssi_signo));
  });
  return signals;
}

Signals::~Signals() { loop_.unwatch(fd_.get()); }

}  // namespace veilgate::process
