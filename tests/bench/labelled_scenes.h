#pragma once
// The composed scenes with exact face boxes (images/scenes_composed of the shared test data): reading their
// truth, and matching detections with it. Thread word: reentrant.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "bench/shared_data.h"
#include "core/geometry.h"
#include "detect/face_detector.h"

namespace veilgate::bench {

using SceneTruth = std::map<std::string, std::vector<Box>>;  ///< picture → faces

inline SceneTruth read_scene_truth(const std::filesystem::path& csv) {
  SceneTruth truth;
  std::ifstream in(csv);
  std::string line;
  std::getline(in, line);  // file,person,x,y,w,h
  while (std::getline(in, line)) {
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream fields(line);
    std::string file, person;
    Box box;
    if (fields >> file >> person >> box.x >> box.y >> box.w >> box.h) truth[file].push_back(box);
  }
  return truth;
}

struct Score {
  int faces = 0;  ///< of at least the asked height
  int found = 0;
  int surplus = 0;  ///< boxes that fit no face, of whatever size
};

/// Greedy by score, each face once.
inline void count(const std::vector<Box>& truth, const std::vector<surveillance::FaceDetection>& detections,
                  double min_iou, double min_height, Score& score) {
  std::vector<bool> taken(truth.size(), false);
  for (const auto& detection : detections) {
    std::size_t best = truth.size();
    for (std::size_t i = 0; i < truth.size(); ++i)
      if (!taken[i] && iou(truth[i], detection.box) >= min_iou &&
          (best == truth.size() || iou(truth[i], detection.box) > iou(truth[best], detection.box)))
        best = i;
    if (best == truth.size())
      ++score.surplus;
    else
      taken[best] = true;
  }
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (truth[i].h < min_height) continue;
    ++score.faces;
    score.found += taken[i] ? 1 : 0;
  }
}

}  // namespace veilgate::bench
