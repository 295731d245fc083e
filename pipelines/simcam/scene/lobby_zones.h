#pragma once
// The lobby's zones and lines in relative picture coordinates, the same as in config/examples/demo.yaml: what
// the rules of the demo are drawn on. Thread word: constant data.

#include <array>
#include <string>
#include <vector>

#include "core/geometry.h"

namespace veilgate::simcam {

struct LobbyZone {
  std::string id;
  Polygon polygon;
};

/// Where people walk and wait; reaches the picture's lower edge because people near the camera are cut there.
inline LobbyZone lobby_floor() { return {"lobby", {{.08, .70}, {.92, .70}, {1, 1}, {0, 1}}}; }
/// The threshold of the entrance; coming in crosses it from the far side to the near one.
inline Segment lobby_door() { return {{.325, .635}, {.575, .635}}; }
/// The neighbour's window: what a privacy mask is for.
inline LobbyZone neighbour_window() {
  return {"neighbour-window", {{.815, .23}, {.905, .22}, {.905, .48}, {.815, .44}}};
}

}  // namespace veilgate::simcam
