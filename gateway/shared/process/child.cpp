#include "process/child.h"

#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" char** environ;

namespace veilgate::process {
namespace {

constexpr int kFirstSpareFd = 10;

Error system_error(const std::string& what) {
  return {ErrorCode::kInternal, what + ": " + std::strerror(errno)};
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (const auto& text : texts) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

/// Everything the child needs, prepared before fork: afterwards only async-signal-safe calls are allowed.
struct Prepared {
  const char* executable;
  char** arguments;
  char** environment;
  int channel;
  int death_signal;
  int report;  // write end: errno when it cannot become the executable
  pid_t parent;
};

[[noreturn]] void give_up(int report) {
  const int code = errno;
  (void)!write(report, &code, sizeof code);
  _exit(127);
}

void restore_signals() {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD}) std::signal(number, SIG_DFL);
}

[[noreturn]] void become(const Prepared& prepared) {
  restore_signals();
  setpgid(0, 0);
  if (prepared.death_signal != 0 && prctl(PR_SET_PDEATHSIG, prepared.death_signal) != 0) give_up(prepared.report);
  if (getppid() != prepared.parent) _exit(127);  // the parent died before PDEATHSIG was set
  const rlimit no_core{0, 0};
  if (setrlimit(RLIMIT_CORE, &no_core) != 0) give_up(prepared.report);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) give_up(prepared.report);
  if (syscall(SYS_close_range, 3U, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */) != 0) give_up(prepared.report);
  if (prepared.channel >= 0 && dup2(prepared.channel, kChildChannel) < 0) give_up(prepared.report);
  environ = prepared.environment;
  execvp(prepared.executable, prepared.arguments);
  give_up(prepared.report);
}

/// Reads the child's errno; the pipe closes without a word when exec succeeded.
int wait_for_exec(int pipe) {
  int code = 0;
  ssize_t size;
  do size = read(pipe, &code, sizeof code);
  while (size < 0 && errno == EINTR);
  return size == sizeof code ? code : 0;
}

}  // namespace

std::string to_string(const ExitStatus& status) {
  return status.signal != 0 ? "signal " + std::to_string(status.signal) : "exit code " + std::to_string(status.code);
}

Result<Child> Child::spawn(const SpawnSettings& settings) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return system_error("pipe");
  ipc::UniqueFd read_end(ends[0]), low_write_end(ends[1]);
  // Above the descriptor that dup2 overwrites in the child.
  ipc::UniqueFd write_end(fcntl(low_write_end.get(), F_DUPFD_CLOEXEC, kFirstSpareFd));
  low_write_end.reset();
  ipc::UniqueFd channel(settings.channel < 0 ? -1 : fcntl(settings.channel, F_DUPFD_CLOEXEC, kFirstSpareFd));
  if (!write_end || (settings.channel >= 0 && !channel)) return system_error("dup");

  std::vector<std::string> texts{settings.executable};
  texts.insert(texts.end(), settings.arguments.begin(), settings.arguments.end());
  auto arguments = pointers(texts);
  auto environment = pointers(settings.environment);
  const bool replace = settings.environment_mode == SpawnSettings::Environment::kReplace;
  const Prepared prepared{settings.executable.c_str(), arguments.data(), replace ? environment.data() : environ,
                          channel.get(), settings.death_signal, write_end.get(), getpid()};

  const pid_t pid = fork();
  if (pid < 0) return system_error("fork");
  if (pid == 0) become(prepared);
  write_end.reset();
  ipc::UniqueFd pidfd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  Child child(pid, std::move(pidfd));
  if (!child.pidfd_) {
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    return system_error("pidfd_open");
  }
  if (const int code = wait_for_exec(read_end.get()); code != 0) {
    errno = code;
    const auto kind = code == ENOENT ? ErrorCode::kMissingPart : ErrorCode::kInternal;
    return Error(kind, settings.executable + ": " + std::strerror(code));  // ~Child reaps it
  }
  return child;
}

Child::~Child() {
  if (!pidfd_) return;
  signal(SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void Child::signal(int number) const {
  if (pidfd_) syscall(SYS_pidfd_send_signal, pidfd_.get(), number, nullptr, 0);
}

Result<ExitStatus> Child::reap() {
  int raw = 0;
  const pid_t got = waitpid(pid_, &raw, WNOHANG);
  if (got == 0) return Error(ErrorCode::kUnavailable, "the child still runs");
  if (got < 0) return system_error("waitpid");
  pidfd_.reset();
  if (WIFSIGNALED(raw)) return ExitStatus{-1, WTERMSIG(raw)};
  return ExitStatus{WEXITSTATUS(raw), 0};
}

}  // namespace veilgate::process
