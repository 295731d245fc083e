#include "support/simcam_process.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace veilgate::test {

SimcamProcess::SimcamProcess(std::vector<std::string> arguments) {
  char folder[] = "/tmp/veilgate-simcam-XXXXXX";
  if (!mkdtemp(folder)) return;
  const std::string ready = std::string(folder) + "/ready";
  arguments.insert(arguments.begin(), VEILGATE_BIN_DIR "/veilgate-simcam");
  for (const char* more : {"--port", "0", "--control", "-", "--ready-file"}) arguments.emplace_back(more);
  arguments.push_back(ready);
  std::vector<char*> argv;
  for (auto& a : arguments) argv.push_back(a.data());
  argv.push_back(nullptr);

  int in[2], out[2];
  if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) return;
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(in[0], STDIN_FILENO);
    dup2(out[1], STDOUT_FILENO);
    execv(argv[0], argv.data());
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  to_ = in[1];
  from_ = out[0];
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  while (std::chrono::steady_clock::now() < end) {
    std::ifstream file(ready);
    if (std::getline(file, url_) && !file.eof()) break;  // a whole line
    url_.clear();
    if (waitpid(pid_, nullptr, WNOHANG) != 0) {
      pid_ = -1;
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  std::filesystem::remove_all(folder);
}

SimcamProcess::~SimcamProcess() {
  if (pid_ > 0) {
    kill(pid_, SIGCONT);
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  if (to_ >= 0) close(to_);
  if (from_ >= 0) close(from_);
}

bool SimcamProcess::command(const std::string& line) {
  const std::string text = line + "\n";
  if (write(to_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) return false;
  for (std::string answer = read_line(5000); !answer.empty(); answer = read_line(5000))
    if (answer.rfind("ok", 0) == 0 || answer.rfind("error", 0) == 0) return answer.rfind("ok", 0) == 0;
  return false;
}

std::string SimcamProcess::read_line(int timeout_ms) {
  while (pending_.find('\n') == std::string::npos) {
    pollfd wait{from_, POLLIN, 0};
    char part[1024];
    if (poll(&wait, 1, timeout_ms) <= 0) return "";
    const ssize_t n = read(from_, part, sizeof part);
    if (n <= 0) return "";
    pending_.append(part, static_cast<std::size_t>(n));
  }
  const auto newline = pending_.find('\n');
  std::string line = pending_.substr(0, newline);
  pending_.erase(0, newline + 1);
  return line;
}

}  // namespace veilgate::test
