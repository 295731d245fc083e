#pragma once
// Devices that a person has approved (`veilgate camera approve`): what was pinned of each camera, kept in
// <state>/cameras/<id>.device.json. The configuration's own `device:` wins over it, field by field.
// Thread word: thread-bound.

#include <map>
#include <string>

#include "config/config.h"
#include "core/clock.h"
#include "core/result.h"

namespace veilgate::surveillance {

class DeviceApprovals {
 public:
  explicit DeviceApprovals(std::string state_dir) : directory_(std::move(state_dir) + "/cameras") {}

  /// Durable when it returns. kInvalidInput: nothing pinned, or a pin of the wrong form.
  Result<void> approve(const CameraId& camera, const DeviceConfig& device, UtcTime when);
  /// Nothing pinned when there is no approval. kCorrupt: the file cannot be understood; treat as not approved.
  Result<DeviceConfig> find(const CameraId& camera) const;

 private:
  std::string file_of(const CameraId& camera) const { return directory_ + '/' + camera.get() + ".device.json"; }

  std::string directory_;
};

}  // namespace veilgate::surveillance
