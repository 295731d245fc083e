#pragma once
// Cameras whose view has shifted and has not been confirmed by a person yet: their whole picture stays covered, over
// every restart. One file per camera, <state>/cameras/<id>.view-shifted. What cannot be read counts as unconfirmed.
// Thread word: thread-bound.

#include <map>
#include <string>

#include "core/clock.h"
#include "core/result.h"
#include "core/strong.h"

namespace veilgate::surveillance {

class UnconfirmedViews {
 public:
  explicit UnconfirmedViews(std::string state_dir) : directory_(std::move(state_dir) + "/cameras") {}

  /// True when it is news. Durable when it returns; an error is a state folder that cannot be written. A worker's
  /// report that was under way while the person confirmed is not taken for a new shift.
  Result<bool> note_shifted(const CameraId& camera, UtcTime when, MonoTime now);
  Result<void> confirm(const CameraId& camera, MonoTime now);
  bool contains(const CameraId& camera) const;

 private:
  std::string file_of(const CameraId& camera) const { return directory_ + '/' + camera.get() + ".view-shifted"; }

  std::string directory_;
  std::map<CameraId, MonoTime> confirmed_;
};

}  // namespace veilgate::surveillance
