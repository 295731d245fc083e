#pragma once
// Starting GStreamer, and owning its objects. Internal to pipelines/. Thread word: thread-safe.

#include <memory>
#include <string>

#include <gst/gst.h>

#include "core/result.h"

namespace veilgate::media {

/// Initialises GStreamer once per process: its own log stays off (it would print URLs and properties as they are),
/// and the mask element is registered.
Result<void> start_gstreamer();

struct Unref {
  void operator()(GstElement* p) const { gst_object_unref(p); }
  void operator()(GstPad* p) const { gst_object_unref(p); }
  void operator()(GstBus* p) const { gst_object_unref(p); }
  void operator()(GstCaps* p) const { gst_caps_unref(p); }
  void operator()(GstSample* p) const { gst_sample_unref(p); }
  void operator()(GstBuffer* p) const { gst_buffer_unref(p); }
  void operator()(GstMessage* p) const { gst_message_unref(p); }
  void operator()(GError* p) const { g_error_free(p); }
  void operator()(char* p) const { g_free(p); }
};
template <typename T>
using Owned = std::unique_ptr<T, Unref>;

/// "name (factory)", for messages that must say which element is meant.
std::string describe(GstElement* element);

}  // namespace veilgate::media
