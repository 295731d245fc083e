#include "config/config.h"

#include <algorithm>

namespace veilgate {

const CameraConfig* Config::camera(const CameraId& id) const {
  const auto found =
      std::find_if(cameras.begin(), cameras.end(), [&](const CameraConfig& c) { return c.id == id; });
  return found == cameras.end() ? nullptr : &*found;
}

}  // namespace veilgate
