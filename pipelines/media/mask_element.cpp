#include "media/mask_element.h"

#include <atomic>
#include <mutex>

#include <gst/base/gstbasetransform.h>

#include "media/gstreamer.h"
#include "media/video_planes.h"

namespace {

using namespace veilgate;
using namespace veilgate::media;

constexpr char kStampMeta[] = "VgMaskStamp";

/// What the GObject owns; C++ members do not belong into a GObject's zeroed memory.
struct MaskState {
  std::atomic<PrivacyMask*> mask{nullptr};
  std::atomic<const Clock*> clock{nullptr};
  std::atomic<bool> closed{false};
  std::atomic<std::uint64_t> first_number{0};
  std::atomic<std::uint64_t> decoded{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> copied{0};
  std::atomic<std::int64_t> last_decoded_ns{-1};
  std::mutex format_mutex;
  std::string refused_format;
  // Streaming thread only.
  bool negotiated = false;
  GstVideoInfo info{};
  PixelFormat format{};
  GstBufferPool* pool = nullptr;
};

}  // namespace

struct VgPrivacyMask {
  GstBaseTransform parent;
  MaskState* state;
};
struct VgPrivacyMaskClass {
  GstBaseTransformClass parent_class;
};

G_DEFINE_TYPE(VgPrivacyMask, vg_privacy_mask, GST_TYPE_BASE_TRANSFORM)

namespace {

MaskState& state_of(gpointer element) { return *static_cast<VgPrivacyMask*>(element)->state; }

void release_pool(MaskState& state) noexcept {
  if (!state.pool) return;
  gst_buffer_pool_set_active(state.pool, FALSE);
  gst_object_unref(state.pool);
  state.pool = nullptr;
}

gboolean set_caps(GstBaseTransform* base, GstCaps* in, GstCaps* out) noexcept {
  MaskState& state = state_of(base);
  state.negotiated = false;
  release_pool(state);
  if (!gst_caps_is_equal(in, out) || !gst_video_info_from_caps(&state.info, in)) return FALSE;
  const auto format = pixel_format(GST_VIDEO_INFO_FORMAT(&state.info));
  if (!format) return FALSE;
  state.format = *format;
  state.pool = gst_video_buffer_pool_new();
  GstStructure* config = gst_buffer_pool_get_config(state.pool);
  gst_buffer_pool_config_set_params(config, in, static_cast<guint>(GST_VIDEO_INFO_SIZE(&state.info)), 0, 0);
  if (!gst_buffer_pool_set_config(state.pool, config) || !gst_buffer_pool_set_active(state.pool, TRUE)) return FALSE;
  state.negotiated = true;
  return TRUE;
}

GstFlowReturn refuse(MaskState& state) noexcept {
  state.refused.fetch_add(1);
  return GST_BASE_TRANSFORM_FLOW_DROPPED;
}

constexpr auto kKept = static_cast<GstBufferCopyFlags>(GST_BUFFER_COPY_TIMESTAMPS | GST_BUFFER_COPY_FLAGS);

/// The one copy. False: the input is not what was negotiated.
bool copy_frame(MaskState& state, GstBuffer* in, GstBuffer** out) noexcept {
  GstVideoFrame from, to;
  if (!map_checked(from, state.info, in, GST_MAP_READ)) return false;
  bool done = false;
  GstBuffer* copy = nullptr;
  if (gst_buffer_pool_acquire_buffer(state.pool, &copy, nullptr) == GST_FLOW_OK) {
    if (map_checked(to, state.info, copy, GST_MAP_WRITE)) {
      done = gst_video_frame_copy(&to, &from);
      gst_video_frame_unmap(&to);
    }
    done = done && gst_buffer_copy_into(copy, in, kKept, 0, static_cast<gsize>(-1));
    if (done)
      *out = copy;
    else
      gst_buffer_unref(copy);
  }
  gst_video_frame_unmap(&from);
  if (done) state.copied.fetch_add(1);
  return done;
}

GstFlowReturn prepare_output_buffer(GstBaseTransform* base, GstBuffer* in, GstBuffer** out) noexcept {
  MaskState& state = state_of(base);
  state.decoded.fetch_add(1);
  PrivacyMask* mask = state.mask.load();
  if (!mask || !state.negotiated || state.closed.load()) return refuse(state);
  if (!mask->needs_painting() || gst_buffer_is_all_memory_writable(in)) {
    *out = in;
    return GST_FLOW_OK;
  }
  return copy_frame(state, in, out) ? GST_FLOW_OK : refuse(state);
}

/// Paints in place. False on any doubt.
bool paint(MaskState& state, PrivacyMask& mask, GstBuffer* buffer) noexcept {
  GstVideoFrame frame;
  if (!map_checked(frame, state.info, buffer, GST_MAP_READWRITE)) return false;
  std::array<WritablePlane, 3> planes;
  const int count = planes_of(frame, state.format, planes);
  const bool painted = mask.paint(GST_VIDEO_FRAME_WIDTH(&frame), GST_VIDEO_FRAME_HEIGHT(&frame), state.format, planes,
                                  count)
                           .has_value();
  gst_video_frame_unmap(&frame);
  return painted;
}

void stamp(MaskState& state, GstBuffer* buffer) noexcept {
  const std::int64_t now = state.clock.load()->monotonic().time_since_epoch().count();
  state.last_decoded_ns.store(now);
  if (GstCustomMeta* old = gst_buffer_get_custom_meta(buffer, kStampMeta))
    gst_buffer_remove_meta(buffer, &old->meta);
  GstCustomMeta* meta = gst_buffer_add_custom_meta(buffer, kStampMeta);
  gst_structure_set(gst_custom_meta_get_structure(meta), "number", G_TYPE_UINT64,
                    state.first_number.load() + state.decoded.load() - 1, "arrived", G_TYPE_INT64, now, nullptr);
}

GstFlowReturn transform_ip(GstBaseTransform* base, GstBuffer* buffer) noexcept {
  MaskState& state = state_of(base);
  PrivacyMask* mask = state.mask.load();
  if (!mask || !state.negotiated || state.closed.load()) return refuse(state);
  if (!gst_buffer_is_writable(buffer)) return refuse(state);
  if (mask->needs_painting() && !paint(state, *mask, buffer)) return refuse(state);
  stamp(state, buffer);
  return GST_FLOW_OK;
}

/// With nothing to paint the decoder's own picture travels on; only its small header is copied, to carry the stamp.
GstFlowReturn submit(GstBaseTransform* base, gboolean discont, GstBuffer* in) noexcept {
  const MaskState& state = state_of(base);
  const PrivacyMask* mask = state.mask.load();
  if (mask && !mask->needs_painting()) in = gst_buffer_make_writable(in);
  return GST_BASE_TRANSFORM_CLASS(vg_privacy_mask_parent_class)->submit_input_buffer(base, discont, in);
}

/// Lets the decoder hand over its padded pictures as they are, instead of repacking them first.
gboolean propose_allocation(GstBaseTransform*, GstQuery*, GstQuery* query) noexcept {
  gst_query_add_allocation_meta(query, GST_VIDEO_META_API_TYPE, nullptr);
  return TRUE;
}

gboolean query(GstBaseTransform* base, GstPadDirection direction, GstQuery* asked) noexcept {
  const gboolean answered =
      GST_BASE_TRANSFORM_CLASS(vg_privacy_mask_parent_class)->query(base, direction, asked);
  if (direction != GST_PAD_SINK || GST_QUERY_TYPE(asked) != GST_QUERY_ACCEPT_CAPS) return answered;
  gboolean accepted = FALSE;
  gst_query_parse_accept_caps_result(asked, &accepted);
  GstCaps* caps = nullptr;
  gst_query_parse_accept_caps(asked, &caps);
  if (accepted || !caps || gst_caps_get_size(caps) == 0) return answered;
  const GstStructure* first = gst_caps_get_structure(caps, 0);
  const char* format = gst_structure_get_string(first, "format");
  MaskState& state = state_of(base);
  const std::lock_guard lock(state.format_mutex);
  state.refused_format = format ? format : gst_structure_get_name(first);
  return answered;
}

gboolean stop(GstBaseTransform* base) noexcept {
  MaskState& state = state_of(base);
  state.negotiated = false;
  release_pool(state);
  return TRUE;
}

void finalize(GObject* object) noexcept {
  VgPrivacyMask* self = reinterpret_cast<VgPrivacyMask*>(object);
  release_pool(*self->state);
  delete self->state;
  G_OBJECT_CLASS(vg_privacy_mask_parent_class)->finalize(object);
}

}  // namespace

static void vg_privacy_mask_class_init(VgPrivacyMaskClass* cls) {
  G_OBJECT_CLASS(cls)->finalize = finalize;
  GstBaseTransformClass* base = GST_BASE_TRANSFORM_CLASS(cls);
  base->passthrough_on_same_caps = FALSE;
  base->set_caps = set_caps;
  base->submit_input_buffer = submit;
  base->prepare_output_buffer = prepare_output_buffer;
  base->transform_ip = transform_ip;
  base->propose_allocation = propose_allocation;
  base->query = query;
  base->stop = stop;
  GstElementClass* element = GST_ELEMENT_CLASS(cls);
  const Owned<GstCaps> caps(gst_caps_from_string(kMaskableCaps));
  gst_element_class_add_pad_template(element, gst_pad_template_new("sink", GST_PAD_SINK, GST_PAD_ALWAYS, caps.get()));
  gst_element_class_add_pad_template(element, gst_pad_template_new("src", GST_PAD_SRC, GST_PAD_ALWAYS, caps.get()));
  gst_element_class_set_static_metadata(element, "Privacy mask", "Filter/Effect/Video",
                                        "Covers privacy zones in every plane; drops what it cannot cover", "veilgate");
}

static void vg_privacy_mask_init(VgPrivacyMask* self) {
  self->state = new MaskState;
  gst_base_transform_set_in_place(GST_BASE_TRANSFORM(self), TRUE);
  gst_base_transform_set_passthrough(GST_BASE_TRANSFORM(self), FALSE);
}

namespace veilgate::media {

bool register_mask_element() {
  static const gchar* kNoTags[] = {nullptr};
  return gst_meta_register_custom(kStampMeta, kNoTags, nullptr, nullptr, nullptr) != nullptr &&
         gst_element_register(nullptr, kMaskElement, GST_RANK_NONE, vg_privacy_mask_get_type());
}

bool is_mask(GstElement* element) { return G_TYPE_CHECK_INSTANCE_TYPE(element, vg_privacy_mask_get_type()); }

void bind_mask(GstElement* element, PrivacyMask& mask, const Clock& clock, std::uint64_t first_number) {
  VG_ASSERT(is_mask(element));
  state_of(element).first_number.store(first_number);
  state_of(element).clock.store(&clock);
  state_of(element).mask.store(&mask);
}

void close_mask(GstElement* element) { state_of(element).closed.store(true); }

bool mask_is_effective(GstElement* element) {
  return is_mask(element) && state_of(element).mask.load() != nullptr && !state_of(element).closed.load() &&
         !gst_base_transform_is_passthrough(GST_BASE_TRANSFORM(element));
}

MaskCounters mask_counters(GstElement* element) {
  const MaskState& state = state_of(element);
  MaskCounters counters{state.decoded.load(), state.refused.load(), state.copied.load(), std::nullopt};
  if (const auto ns = state.last_decoded_ns.load(); ns >= 0)
    counters.last_decoded = MonoTime{std::chrono::nanoseconds{ns}};
  return counters;
}

std::string refused_format(GstElement* element) {
  MaskState& state = state_of(element);
  const std::lock_guard lock(state.format_mutex);
  return state.refused_format;
}

std::optional<MaskStamp> mask_stamp(GstBuffer* buffer) {
  GstCustomMeta* meta = gst_buffer_get_custom_meta(buffer, kStampMeta);
  if (!meta) return std::nullopt;
  guint64 number = 0;
  gint64 arrived = 0;
  if (!gst_structure_get(gst_custom_meta_get_structure(meta), "number", G_TYPE_UINT64, &number, "arrived",
                         G_TYPE_INT64, &arrived, nullptr))
    return std::nullopt;
  return MaskStamp{number, MonoTime{std::chrono::nanoseconds{arrived}}};
}

}  // namespace veilgate::media
