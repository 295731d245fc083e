#pragma once
// Ground truth on disk: one JSON line per frame, or the MOT challenge's text format for tracking benchmarks
// (frame,id,x,y,w,h,visibility,-1,-1,-1; frames from 1; face boxes). Thread word: thread-bound.

#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "core/clock.h"
#include "core/result.h"
#include "simcam/scene/truth.h"
#include "simcam/scene/view.h"

namespace veilgate::simcam {

/// {"frame":…,"time":…,"scene_s":…,"faults":[…],"people":[…],"events":[…]}; docs in docs/simcam.md.
class TruthLines {
 public:
  static Result<std::unique_ptr<TruthLines>> create(const std::string& file, PictureSize size);
  /// `faults`: names of those in force, comma separated.
  void write(const FrameTruth& truth, UtcTime time, const std::string& faults);

 private:
  TruthLines(std::ofstream out, PictureSize size) : out_(std::move(out)), size_(size) {}
  std::ofstream out_;
  PictureSize size_;
  std::map<int, std::set<std::string>> in_zones_;  // by visit
};

class MotFile {
 public:
  static Result<std::unique_ptr<MotFile>> create(const std::string& file);
  void write(const FrameTruth& truth);

 private:
  explicit MotFile(std::ofstream out) : out_(std::move(out)) {}
  std::ofstream out_;
};

}  // namespace veilgate::simcam
