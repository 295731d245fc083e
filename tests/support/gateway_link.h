#pragma once
// A real uplink and a real receiver around a real broker, with a small lane that seals and submits.
// Thread word: thread-bound.

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "ipc/channel.h"
#include "ipc/submit.h"
#include "support/broker.h"

namespace veilgate::test {

/// Waits for an event, not for a time. The limit is generous: two cores are shared.
inline bool eventually(const std::function<bool()>& condition, int seconds = 30) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

class Uplink {
 public:
  Uplink(const TestPki& pki, const std::vector<std::string>& brokers, const std::string& more = "") : pki_(pki) {
    std::string text = read_text(VG_SOURCE_DIR "/config/examples/demo.yaml");
    std::string list;
    for (const auto& broker : brokers) list += (list.empty() ? "\"" : ", \"") + broker + "\"";
    const std::string old = "\"mqtts://127.0.0.1:8883\"";
    text.replace(text.find(old), old.size(), list);
    std::ofstream(config_path()) << text << more;
  }
  ~Uplink() { process_.end(SIGKILL); }

  void start() {
    process_ = ChildProcess({VG_BIN_DIR "/veilgate-uplink", "--config", config_path(), "--runtime", dir_ / "run", "--state",
                             dir_ / "state", "--credentials", pki_.gateway()},
                            log_path());
    if (!eventually([this] { return status().is_object() || !process_.running(); }) || !process_.running())
      throw std::runtime_error("veilgate-uplink does not start: " + read_text(log_path()));
  }
  int stop() { return process_.end(SIGTERM); }
  void kill() { process_.end(SIGKILL); }

  /// Null when it does not answer.
  nlohmann::json status() const {
    const auto answer = ipc::call(dir_ / "run/uplink.sock", ipc::status_request(), Millis{3000});
    return answer ? nlohmann::json::parse(answer->json, nullptr, false) : nlohmann::json();
  }
  std::int64_t outbox(const char* key) const {
    const auto now = status();
    return now.is_object() ? now["outbox"][key].get<std::int64_t>() : -1;
  }
  bool online() const {
    const auto now = status();
    return now.is_object() && now["link"]["online"].get<bool>();
  }

  /// The lane: true once the uplink has accepted all.
  ChildProcess lane(std::vector<std::string> options) const {
    std::vector<std::string> all{VG_TEST_DIR "/lane_probe", "--credentials", pki_.gateway(), "--runtime", dir_ / "run",
                                 "--site", "demo", "--gateway", "gw-demo"};
    all.insert(all.end(), options.begin(), options.end());
    return ChildProcess(all, dir_ / "lane.log");
  }
  bool submit(std::vector<std::string> options) const {
    auto child = lane(std::move(options));
    return child.wait() == 0;
  }
  std::string config_path() const { return dir_ / "veilgate.yaml"; }
  std::string log_path() const { return dir_ / "uplink.log"; }
  std::string log() const { return read_text(log_path()) + read_text(dir_ / "lane.log"); }
  std::string operator/(const std::string& name) const { return dir_ / name; }

 private:
  const TestPki& pki_;
  TempDir dir_;
  ChildProcess process_;
};

class PlatformReceiver {
 public:
  PlatformReceiver(const TestPki& pki, const std::vector<std::string>& brokers) {
    std::string list;
    for (const auto& broker : brokers) list += (list.empty() ? "\"" : ", \"") + broker + "\"";
    const std::string p = pki.platform();
    std::ofstream(dir_ / "receiver.yaml")
        << "version: 1\nid: receiver\nbrokers: [" << list << "]\ntls: { ca: " << p << "/receiver.ca.pem, certificate: " << p
        << "/receiver.cert.pem, key: " << p << "/receiver.key.pem, crl: " << p << "/receiver.crl.pem }\nstate: state\n"
        << "keys: { decrypt: [" << p << "/platform.enc.key.pem], sign: " << p << "/platform.sign.key.pem }\n"
        << "gateways: [{ id: gw-demo, site: demo, surveillance: " << p << "/lane-surveillance.sm2.pub.pem, uplink: " << p
        << "/uplink.sm2.pub.pem }]\n";
  }
  ~PlatformReceiver() { process_.end(SIGKILL); }

  void start() {
    process_ = ChildProcess({VG_BIN_DIR "/veilgate-receive", "--config", dir_ / "receiver.yaml", "--json"}, dir_ / "out");
  }
  int stop() { return process_.end(SIGINT); }
  void kill() { process_.end(SIGKILL); }

  std::vector<nlohmann::json> lines() const {
    std::vector<nlohmann::json> all;
    std::istringstream in(read_text(dir_ / "out"));
    for (std::string line; std::getline(in, line);)
      if (!line.empty() && line.front() == '{') {
        auto parsed = nlohmann::json::parse(line, nullptr, false);
        if (parsed.is_object()) all.push_back(std::move(parsed));
      }
    return all;
  }
  /// Ids of verified results of the lane, in the order of arrival.
  std::vector<std::string> ids() const {
    std::vector<std::string> found;
    for (const auto& line : lines())
      if (line.value("answer", "") == "verified" && line.value("class", "") != "status")
        found.push_back(line["payload"].value("id", ""));
    return found;
  }
  int answers(const std::string& answer) const {
    int count = 0;
    for (const auto& line : lines()) count += line.value("answer", "") == answer;
    return count;
  }
  bool noticed(const std::string& text) const { return out().find(text) != std::string::npos; }
  std::string out() const { return read_text(dir_ / "out"); }

 private:
  TempDir dir_;
  ChildProcess process_;
};

}  // namespace veilgate::test
