#pragma once
// The command line of veilgate-simcam. Thread word: thread-bound.

#include <optional>
#include <variant>

#include "simcam/serve/render_file.h"
#include "simcam/serve/test_camera.h"

namespace veilgate::simcam {

/// Render every figure into the cache, so that the next start is quick.
struct PrepareOrder {
  LobbyScene::Settings lobby;
};

/// What is to be done: serve a camera, render into a file, or fill the cache. An exit code when there is
/// nothing to do any more (help, or a command line that is wrong; the reason has been printed).
using Task = std::variant<int, TestCamera::Settings, RenderOrder, PrepareOrder>;

Task parse_options(int argc, char** argv);

}  // namespace veilgate::simcam
