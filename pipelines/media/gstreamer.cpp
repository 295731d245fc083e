#include "media/gstreamer.h"

#include <mutex>

#include "media/mask_element.h"

namespace veilgate::media {

Result<void> start_gstreamer() {
  static std::once_flag once;
  static std::string failure;
  std::call_once(once, [] {
    GError* raw = nullptr;
    if (!gst_init_check(nullptr, nullptr, &raw)) {
      const Owned<GError> error(raw);
      failure = error ? error->message : "unknown reason";
      return;
    }
    gst_debug_set_default_threshold(GST_LEVEL_NONE);
    gst_debug_remove_log_function(gst_debug_log_default);
    if (!register_mask_element()) failure = "the privacy mask element cannot be registered";
  });
  if (!failure.empty()) return Error(ErrorCode::kMissingPart, "GStreamer cannot be started: " + failure);
  return {};
}

std::string describe(GstElement* element) {
  const Owned<char> name(gst_object_get_name(GST_OBJECT(element)));
  GstElementFactory* factory = gst_element_get_factory(element);
  return std::string(name.get()) + " (" + (factory ? GST_OBJECT_NAME(factory) : G_OBJECT_TYPE_NAME(element)) + ")";
}

}  // namespace veilgate::media
