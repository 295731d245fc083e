#pragma once
// From a foreground mask to whole objects: small specks go, the parts of one body that the background shines
// through are joined, and every object is measured. Internal to the detect step. Thread word: reentrant.

#include <vector>

#include <opencv2/core.hpp>

namespace veilgate::surveillance {

struct ForegroundObject {
  cv::Rect box;  ///< pixels of the mask
  int pixels = 0;
  int label = 0;  ///< in the label picture
};

struct ObjectLimits {
  int min_height = 1;  ///< pixels of the mask
  int min_pixels = 1;
};

/// Closes gaps in `foreground` (8 bit, 0 or 255) in place and finds its objects, largest first. `labels`
/// (32-bit integers) tells each pixel's object; pixels of no object are 0.
std::vector<ForegroundObject> find_foreground_objects(cv::Mat& foreground, const ObjectLimits& limits,
                                                      cv::Mat& labels);

/// True when the outline of `object` (8 bit, within `box`) is an edge of the background rather than of the
/// picture: nothing stands there now, something has left.
bool is_ghost(const cv::Mat& luma, const cv::Mat& background, const cv::Mat& object, const cv::Rect& box);

}  // namespace veilgate::surveillance
