#pragma once
// How good a picture of a face is: size × frontality × sharpness, and the configurable quality gate.
// Thread word: reentrant.

#include "config/config.h"
#include "dedup/aligned_chip.h"
#include "detect/face_detector.h"

namespace veilgate::surveillance {

struct ShotQuality {
  double width_px = 0;         ///< of the box
  double eye_distance_px = 0;  ///< between eye centres (GB/T 35678 3.1); 0 = no landmarks
  double yaw_deg = 0;          ///< estimated from nose and eyes, 0 = frontal; 0 without landmarks
  double roll_deg = 0;         ///< of the eye line; 0 without landmarks
  double sharpness = 0;        ///< AlignedChip::sharpness
  double visible = 1;          ///< share of the box inside the picture and clear of other faces, 0…1
  double score = 0;            ///< 0…1: size × frontality × sharpness × visible²
};

/// `others` are the boxes of the other faces in the frame.
ShotQuality judge_shot(const FaceDetection& face, const AlignedChip& chip, int frame_width, int frame_height,
                       const std::vector<Box>& others);

/// False: no result may be made from this shot.
bool passes(const QualityGate& gate, const ShotQuality& shot);

}  // namespace veilgate::surveillance
