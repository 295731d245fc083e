#pragma once
// What the lane's parent and a camera worker say to each other over their socketpair. The parent takes a worker for
// hostile: it decodes camera streams and may have been taken over. Its messages are parsed to closed structs with every
// key known and every value in range; anything else is an error, and the parent ends that worker.
//
//   parent → worker   "configure" (once, first), "confirm_view"
//   worker → parent   "result" (a closed result of one camera), "report" (a camera's state, about once a second)
//
// Thread word: reentrant.

#include <map>
#include <string>
#include <vector>

#include "config/config.h"
#include "frame/frame_source.h"
#include "ipc/message.h"
#include "lane/camera_chain.h"
#include "result/surveillance_result.h"

namespace veilgate::surveillance {

/// A worker's work: the accepted configuration as text (so that a file that broke meanwhile cannot reach a worker that
/// starts again), and which of its cameras are this worker's.
struct WorkerTask {
  std::string config_name;      ///< path of the file, for messages and relative paths
  std::string config_text;
  std::vector<CameraId> cameras;
  std::string credentials_dir;  ///< holds the credentials of these cameras and nothing else
  std::vector<CameraId> unconfirmed_views;  ///< of `cameras`: the view has shifted and nobody has confirmed it
  std::map<CameraId, DeviceConfig> approved;  ///< pins recorded by `veilgate camera approve`
};

enum class MaskExtent { kZones, kWholeFrame };

/// A camera's state as its worker sees it.
struct CameraReport {
  CameraId camera;
  SourceStatus source;
  ChainCounters chain;
  std::string mask_revision;
  MaskExtent mask = MaskExtent::kZones;
  std::string view;      ///< ViewCondition: "good", "learning", "shifted", "covered" …
  std::string detector;  ///< "own 0123456789ab"
};

struct WorkerResult {
  CameraId camera;
  SurveillanceResult result;
};

ipc::Message to_message(const WorkerTask& task);
ipc::Message to_message(const CameraReport& report);
ipc::Message to_message(const WorkerResult& result);
ipc::Message confirm_view_message(const CameraId& camera);

Result<WorkerTask> parse_task(const ipc::Message& message);
Result<CameraReport> parse_report(const ipc::Message& message);
Result<WorkerResult> parse_result(const ipc::Message& message);
Result<CameraId> parse_confirm_view(const ipc::Message& message);

}  // namespace veilgate::surveillance
