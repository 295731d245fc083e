#pragma once
// The scene into files instead of a network: a video or a folder of pictures, with its ground truth beside
// it. Thread word: reentrant.

#include <cstdint>
#include <string>

#include "core/result.h"
#include "simcam/scene/lobby_scene.h"

namespace veilgate::simcam {

enum class Fidelity { kCamera, kLossless };

struct RenderOrder {
  LobbyScene::Settings lobby;
  std::string output;  ///< *.mp4 (H.264), *.mkv (FFV1, lossless), else a folder of PNG files (made if absent)
  std::uint64_t first_frame = 0;
  std::uint64_t frames = 150;
  Fidelity fidelity = Fidelity::kCamera;  ///< of *.mp4
  std::string
      ground_truth;  ///< JSON lines; empty = none. Face boxes in MOT format always go to OUTPUT's gt.txt
};

/// OUT.mp4 → OUT_gt.txt; OUT_DIR → OUT_DIR/gt.txt
std::string mot_file_of(const std::string& output);

Result<void> render_to_file(const RenderOrder& order);

}  // namespace veilgate::simcam
