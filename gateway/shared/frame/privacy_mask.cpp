#include "frame/privacy_mask.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "frame/mask_raster.h"

namespace veilgate {
namespace {

constexpr std::uint8_t kBlackLuma = 16;  // ITU-R BT.601 limited range
constexpr std::uint8_t kNeutralChroma = 128;

struct ByteSpan {
  int row;
  int begin;  // bytes from the start of the row
  int length;
};

std::string size_text(int width, int height, PixelFormat format) {
  return std::to_string(width) + "x" + std::to_string(height) + " " + to_string(format);
}

}  // namespace

struct PrivacyMask::Plan {
  int width = 0;
  int height = 0;
  PixelFormat format = PixelFormat::kI420;
  bool whole = false;
  FormatShape shape;
  std::array<std::vector<ByteSpan>, 3> spans;
  std::array<std::vector<std::uint8_t>, 3> proof;  // one full row of the plane's mask colour, to compare against
};

namespace {

template <typename AnyPlane>
Result<void> planes_fit(const FormatShape& shape, int width, int height, const std::array<AnyPlane, 3>& planes,
                        int plane_count) {
  const auto refuse = [](int plane, const char* why) {
    return Error(ErrorCode::kInvalidInput, "privacy mask: plane " + std::to_string(plane) + why);
  };
  if (plane_count != shape.plane_count) return refuse(plane_count, ": wrong number of planes");
  for (int i = 0; i < plane_count; ++i) {
    if (!planes[i].data) return refuse(i, " has no memory");
    if (planes[i].rows < shape.planes[i].rows(height)) return refuse(i, " has too few rows");
    if (planes[i].row_bytes < shape.planes[i].row_bytes(width)) return refuse(i, " has too short rows");
    if (planes[i].stride < planes[i].row_bytes) return refuse(i, " has a stride shorter than a row");
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<PrivacyMask>> PrivacyMask::create(Settings settings) {
  if (settings.margin_px < 0 || settings.margin_px > kMaxFrameSide)
    return Error(ErrorCode::kInvalidInput, "privacy margin must be 0..16384 pixels");
  for (const MaskZone& zone : settings.zones) {
    if (zone.polygon.size() < 3)
      return Error(ErrorCode::kInvalidInput, "privacy zone '" + zone.id + "' needs at least three points");
    for (const Point& p : zone.polygon)
      if (!(p.x >= 0 && p.x <= 1 && p.y >= 0 && p.y <= 1))  // false for NaN too
        return Error(ErrorCode::kInvalidInput, "privacy zone '" + zone.id + "' has a point outside 0..1");
  }
  return std::unique_ptr<PrivacyMask>(new PrivacyMask(std::move(settings)));
}

PrivacyMask::PrivacyMask(Settings settings) : settings_(std::move(settings)) {}
PrivacyMask::~PrivacyMask() = default;

bool PrivacyMask::needs_painting() const { return covers_everything() || !settings_.zones.empty(); }

Result<std::shared_ptr<const PrivacyMask::Plan>> PrivacyMask::plan_for(int width, int height, PixelFormat format) {
  const bool whole = whole_.load();
  const std::lock_guard lock(mutex_);
  if (plan_ && plan_->width == width && plan_->height == height && plan_->format == format && plan_->whole == whole)
    return plan_;
  const FormatShape shape = shape_of(format);
  if (shape.plane_count == 0) return Error(ErrorCode::kInvalidInput, "privacy mask: unknown pixel format");
  if (width < 1 || height < 1 || width > kMaxFrameSide || height > kMaxFrameSide)
    return Error(ErrorCode::kInvalidInput, "privacy mask: size " + size_text(width, height, format) + " is refused");

  std::vector<Polygon> polygons;
  if (whole) polygons.push_back({{0, 0}, {1, 0}, {1, 1}, {0, 1}});
  for (const MaskZone& zone : settings_.zones) polygons.push_back(zone.polygon);
  const RowSpans cover = cover_polygons(polygons, width, height, settings_.margin_px);

  auto plan = std::make_shared<Plan>();
  *plan = {width, height, format, whole, shape, {}, {}};
  for (int i = 0; i < shape.plane_count; ++i) {
    const PlaneShape& plane = shape.planes[i];
    const RowSpans rows = subsample_cover(cover, plane.rows(height), plane.x_shift, plane.y_shift);
    for (std::size_t row = 0; row < rows.size(); ++row)
      for (const ColumnSpan& span : rows[row])
        plan->spans[i].push_back({static_cast<int>(row), span.begin * plane.sample_bytes,
                                  (span.end - span.begin) * plane.sample_bytes});
    plan->proof[i].assign(static_cast<std::size_t>(plane.row_bytes(width)), i == 0 ? kBlackLuma : kNeutralChroma);
  }
  plan_ = plan;
  return plan_;
}

Result<void> PrivacyMask::paint(int width, int height, PixelFormat format, std::array<WritablePlane, 3>& planes,
                                int plane_count) {
  VG_TRY(const auto plan, plan_for(width, height, format));
  VG_CHECK(planes_fit(plan->shape, width, height, planes, plane_count));
  for (int i = 0; i < plane_count; ++i) {
    const std::uint8_t color = i == 0 ? kBlackLuma : kNeutralChroma;
    for (const ByteSpan& span : plan->spans[i])
      std::memset(planes[i].data + static_cast<std::ptrdiff_t>(span.row) * planes[i].stride + span.begin, color,
                  static_cast<std::size_t>(span.length));
  }
  return {};
}

Result<MaskedFrame> PrivacyMask::apply(RawFrame&& raw) {
  const RawFrame frame = std::move(raw);  // whatever happens, the caller keeps no unproven frame
  const FrameInfo& info = frame.info_;
  VG_TRY(const auto plan, plan_for(info.width, info.height, info.format));
  VG_CHECK(planes_fit(plan->shape, info.width, info.height, frame.memory_.planes, frame.memory_.plane_count));
  for (int i = 0; i < plan->shape.plane_count; ++i) {
    const Plane& plane = frame.memory_.planes[i];
    for (const ByteSpan& span : plan->spans[i]) {
      const std::uint8_t* at = plane.data + static_cast<std::ptrdiff_t>(span.row) * plane.stride + span.begin;
      if (std::memcmp(at, plan->proof[i].data(), static_cast<std::size_t>(span.length)) != 0)
        return Error(ErrorCode::kUntrusted, "frame " + std::to_string(info.number) + " " +
                                                size_text(info.width, info.height, info.format) +
                                                " refused: a privacy zone is not covered");
    }
  }
  return MaskedFrame(info, frame.memory_);
}

void PrivacyMask::cover_everything(bool whole) { whole_.store(whole); }
bool PrivacyMask::covers_everything() const { return whole_.load(); }

std::string PrivacyMask::revision() const {
  std::uint64_t hash = 14695981039346656037ULL;  // FNV-1a: a change indicator, not a proof of integrity
  const auto mix = [&](const void* data, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i)
      hash = (hash ^ static_cast<const std::uint8_t*>(data)[i]) * 1099511628211ULL;
  };
  for (const MaskZone& zone : settings_.zones) {
    mix(zone.id.data(), zone.id.size() + 1);
    for (const Point& p : zone.polygon) mix(&p, sizeof p);
  }
  mix(&settings_.margin_px, sizeof settings_.margin_px);
  const bool whole = covers_everything();
  mix(&whole, 1);
  std::string text(16, '0');
  for (int i = 0; i < 16; ++i) text[i] = "0123456789abcdef"[(hash >> (60 - 4 * i)) & 15];
  return text;
}

}  // namespace veilgate
