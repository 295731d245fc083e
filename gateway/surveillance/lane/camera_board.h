#pragma once
// What the lane knows of its cameras, for status and metrics. Honest by construction: a camera is online only while
// its worker runs and both the worker's report and the last decoded frame are younger than the limit.
// Thread word: thread-bound.

#include <array>
#include <map>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "config/config.h"
#include "core/clock.h"
#include "lane/worker_link.h"
#include "lane/worker_protocol.h"

namespace veilgate::surveillance {

class CameraBoard {
 public:
  static constexpr Millis kOnlineLimit{3'000};

  void set_cameras(const std::vector<CameraConfig>& cameras);  ///< keeps what is known of those that stay
  void on_report(CameraReport&& report, MonoTime now);
  void on_result(const WorkerResult& result);
  void on_worker_ended(const CameraId& camera);

  /// The state to show: reason and message say why it is not online.
  SourceStatus status_of(const CameraId& camera, const WorkerLink* worker, MonoTime now) const;
  nlohmann::json to_json(const CameraId& camera, const WorkerLink* worker, MonoTime now) const;

 private:
  struct Entry {
    CameraConfig config;
    std::optional<CameraReport> report;
    MonoTime reported{};
    std::array<std::uint64_t, 5> events{};  ///< phase new, by RuleType
    std::uint64_t faces = 0;
    std::uint64_t suppressed = 0;
  };
  std::map<CameraId, Entry> entries_;
};

}  // namespace veilgate::surveillance
