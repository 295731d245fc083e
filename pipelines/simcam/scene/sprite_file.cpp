#include "simcam/scene/sprite_file.h"

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <unistd.h>

namespace veilgate::simcam {
namespace {

constexpr std::uint32_t kMagic = 0x31505356;  // "VSP1"
constexpr int kLargestSide = 8192;

struct Header {
  std::uint32_t magic;
  std::int32_t width, height;
  float left, top, pixels_per_unit;
};

}  // namespace

std::optional<Sprite> read_sprite(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  Header header{};
  if (!in.read(reinterpret_cast<char*>(&header), sizeof header) || header.magic != kMagic)
    return std::nullopt;
  if (header.width <= 0 || header.height <= 0 || header.width > kLargestSide || header.height > kLargestSide)
    return std::nullopt;
  Sprite sprite{header.left, header.top, header.pixels_per_unit, {}};
  SpriteLevel level{header.width, header.height, {}};
  level.texels.resize(static_cast<std::size_t>(header.width) * static_cast<std::size_t>(header.height));
  std::size_t at = 0;
  while (at < level.texels.size()) {
    std::uint32_t run[2];  // empty texels, then stored ones
    if (!in.read(reinterpret_cast<char*>(run), sizeof run)) return std::nullopt;
    if (run[0] + std::uint64_t{run[1]} > level.texels.size() - at) return std::nullopt;
    at += run[0];
    if (!in.read(reinterpret_cast<char*>(level.texels.data() + at), std::streamsize{run[1]} * 4))
      return std::nullopt;
    at += run[1];
    if (run[0] + run[1] == 0) return std::nullopt;
  }
  sprite.levels.push_back(std::move(level));
  add_smaller_levels(sprite);
  return sprite;
}

Result<void> write_sprite(const std::string& file, const Sprite& sprite) {
  const SpriteLevel& level = sprite.levels.front();
  const std::string aside = file + "." + std::to_string(getpid());
  std::ofstream out(aside, std::ios::binary);
  const Header header{kMagic, level.width, level.height, sprite.left, sprite.top, sprite.pixels_per_unit};
  out.write(reinterpret_cast<const char*>(&header), sizeof header);
  std::size_t at = 0;
  while (at < level.texels.size()) {
    std::size_t filled = at;
    while (filled < level.texels.size() && level.texels[filled].a == 0) ++filled;
    std::size_t end = filled;
    while (end < level.texels.size() && level.texels[end].a != 0) ++end;
    const std::uint32_t run[2] = {static_cast<std::uint32_t>(filled - at),
                                  static_cast<std::uint32_t>(end - filled)};
    out.write(reinterpret_cast<const char*>(run), sizeof run);
    out.write(reinterpret_cast<const char*>(level.texels.data() + filled), std::streamsize{run[1]} * 4);
    at = end;
  }
  out.close();
  std::error_code failed;
  if (out) std::filesystem::rename(aside, file, failed);
  if (!out || failed) return Error(ErrorCode::kUnavailable, "cannot keep " + file);
  return {};
}

}  // namespace veilgate::simcam
