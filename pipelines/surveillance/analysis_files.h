#pragma once
// The files that offline analysis writes: one JSON line per result, and tracks in MOT form
// (frame,id,x,y,w,h,score,-1,-1,-1; frames from 1). Thread word: thread-bound.

#include <fstream>
#include <string>
#include <vector>

#include "lane/camera_chain.h"
#include "result/payload.h"

namespace veilgate::surveillance {

class ResultLines final : public ResultSink {
 public:
  static Result<std::unique_ptr<ResultLines>> create(const std::string& path);
  Result<void> submit(SurveillanceResult result) override;
  Result<void> close();

  int faces = 0, events = 0;  ///< events: phase new

 private:
  explicit ResultLines(const std::string& path) : file_(path, std::ios::trunc) {}
  std::ofstream file_;
};

/// Keeps what is recorded and writes it in order of frame and id.
class MotFiles final : public TrackSink {
 public:
  void face(const TrackedBox& box) override { faces_.push_back(box); }
  void object(const TrackedBox& box) override { objects_.push_back(box); }
  /// An empty path: not wanted.
  Result<void> write(const std::string& faces_path, const std::string& objects_path);

 private:
  std::vector<TrackedBox> faces_, objects_;
};

}  // namespace veilgate::surveillance
