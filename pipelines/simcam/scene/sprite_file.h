#pragma once
// Keeping sprites on disk between starts. Empty runs are not stored. A file that does not fit is as good as
// absent. Thread word: reentrant.

#include <optional>
#include <string>

#include "core/result.h"
#include "simcam/scene/sprite.h"

namespace veilgate::simcam {

std::optional<Sprite> read_sprite(const std::string& file);
/// Written aside and renamed, so that another process never reads half of it.
Result<void> write_sprite(const std::string& file, const Sprite& sprite);

}  // namespace veilgate::simcam
