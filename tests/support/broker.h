#pragma once
// A real mosquitto with the shipped hardened configuration, and the test PKI it needs, made once per build.
// Thread word: thread-bound.

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/child_process.h"
#include "support/temp_dir.h"

#ifndef VG_SOURCE_DIR
#error "the test target defines VG_SOURCE_DIR"
#endif

namespace veilgate::test {

inline std::string read_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

inline void run_or_throw(const std::string& command) {
  if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
}

/// certs/make_test_pki into a directory of its own.
class TestPki {
 public:
  explicit TestPki(const std::string& gateway = "gw-0001") {
    run_or_throw(VG_SOURCE_DIR "/certs/make_test_pki --gateway " + gateway + " '" + dir_.path() + "'");
  }
  std::string broker() const { return dir_ / "broker"; }
  std::string gateway() const { return dir_ / "gateway"; }
  std::string platform() const { return dir_ / "platform"; }
  std::string operator/(const std::string& name) const { return dir_ / name; }

 private:
  TempDir dir_;
};

/// A port nobody listens on now. mosquitto cannot choose one itself.
inline int free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool good = bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                    getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  close(fd);
  if (!good) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

inline bool port_answers(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  const bool answers = connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return answers;
}

class TestBroker {
 public:
  explicit TestBroker(const TestPki& pki, const std::string& certificate = "broker") : port_(free_port()) {
    run_or_throw(VG_SOURCE_DIR "/config/mosquitto/render --port " + std::to_string(port_) + " --pki '" + pki.broker() +
                 "' --certificate " + certificate + " '" + dir_.path() + "' >/dev/null");
    start();
  }
  ~TestBroker() { stop(); }

  void start() {
    // Debian keeps it out of an ordinary user's PATH.
    const char* program = access("/usr/sbin/mosquitto", X_OK) == 0 ? "/usr/sbin/mosquitto" : "mosquitto";
    process_ = ChildProcess({program, "-c", dir_ / "mosquitto.conf"}, log_path());
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!port_answers(port_)) {
      if (!process_.running() || std::chrono::steady_clock::now() > deadline)
        throw std::runtime_error("mosquitto does not start: " + read_text(log_path()));
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  void stop() { process_.end(SIGTERM); }
  void kill() { process_.end(SIGKILL); }
  void freeze() { process_.signal(SIGSTOP); }
  void thaw() { process_.signal(SIGCONT); }

  int port() const { return port_; }
  std::string url(const std::string& host = "127.0.0.1") const { return "mqtts://" + host + ":" + std::to_string(port_); }
  std::string log_path() const { return dir_ / "log"; }
  std::string acl_path() const { return dir_ / "acl"; }
  /// mosquitto reads ACL and CRL anew.
  void reload() { process_.signal(SIGHUP); }

 private:
  TempDir dir_;
  int port_;
  ChildProcess process_;
};

}  // namespace veilgate::test
