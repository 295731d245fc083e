#include "media/graph_builder.h"

#include <cstring>

#include "media/element_roles.h"
#include "media/mask_element.h"

namespace veilgate::media {
namespace {

struct FreeContext {
  void operator()(GstParseContext* p) const { gst_parse_context_free(p); }
};

std::string missing_text(GstParseContext* context) {
  gchar** missing = gst_parse_context_get_missing_elements(context);
  std::string text;
  for (gchar** name = missing; name && *name; ++name) {
    const std::string package = package_of(*name);
    text += (text.empty() ? "" : "; ") + std::string("element '") + *name + "' is not installed" +
            (package.empty() ? "" : ": apt install " + package);
  }
  g_strfreev(missing);
  return text;
}

/// `whole`: a pipeline; otherwise one bin with a pad at each open end.
enum class As { kPipeline, kBin };
Result<Owned<GstElement>> parse_elements(const std::string& text, As as) {
  const std::unique_ptr<GstParseContext, FreeContext> context(gst_parse_context_new());
  GError* raw = nullptr;
  constexpr auto kStrict = GST_PARSE_FLAG_FATAL_ERRORS;
  GstElement* made = as == As::kPipeline
                         ? gst_parse_launch_full(text.c_str(), context.get(), kStrict, &raw)
                         : gst_parse_bin_from_description_full(text.c_str(), TRUE, context.get(), kStrict, &raw);
  const Owned<GError> error(raw);
  Owned<GstElement> element(made ? GST_ELEMENT(gst_object_ref_sink(made)) : nullptr);
  if (!error && element) return element;
  if (const std::string missing = missing_text(context.get()); !missing.empty())
    return Error(ErrorCode::kMissingPart, missing);
  return Error(ErrorCode::kInvalidInput, "'" + text + "': " + (error ? error->message : "no elements"));
}

Result<Owned<GstElement>> named(GstElement* pipeline, const char* name) {
  Owned<GstElement> element(gst_bin_get_by_name(GST_BIN(pipeline), name));
  if (!element) return Error(ErrorCode::kUntrusted, std::string("the description has no element named '") + name + "'");
  return element;
}

bool adds_pads_later(GstElement* element) {
  const GList* item = gst_element_class_get_pad_template_list(GST_ELEMENT_GET_CLASS(element));
  for (; item; item = item->next) {
    const GstPadTemplate* t = GST_PAD_TEMPLATE(item->data);
    if (GST_PAD_TEMPLATE_DIRECTION(t) == GST_PAD_SRC && GST_PAD_TEMPLATE_PRESENCE(t) == GST_PAD_SOMETIMES) return true;
  }
  return false;
}

/// The last element of the source's chain; null when the chain forks.
Owned<GstElement> end_of_chain(GstElement* source) {
  Owned<GstElement> element(GST_ELEMENT(gst_object_ref(source)));
  while (element->numsrcpads == 1) {
    const Owned<GstPad> peer(gst_pad_get_peer(GST_PAD(element->srcpads->data)));
    if (!peer) break;
    element.reset(gst_pad_get_parent_element(peer.get()));
    if (!element) break;
  }
  return element;
}

void configure_sink(GstElement* sink, Pace pace, bool is_analysis) {
  const bool every_frame = is_analysis && pace == Pace::kAsFastAsPossible;
  // clang-format off
  g_object_set(sink,
               "sync", static_cast<gboolean>(is_analysis && pace == Pace::kRealtime),
               "async", static_cast<gboolean>(is_analysis),
               "max-buffers", every_frame ? 2U : 1U,
               "drop", static_cast<gboolean>(!every_frame),
               "enable-last-sample", FALSE,
               "emit-signals", FALSE,
               "qos", FALSE,
               "wait-on-eos", FALSE, nullptr);
  // clang-format on
}

void configure_sinks(GstElement* bin, GstElement* analysis, Pace pace) {
  for (GList* item = GST_BIN_CHILDREN(bin); item; item = item->next) {
    GstElement* child = GST_ELEMENT(item->data);
    GstElementFactory* factory = gst_element_get_factory(child);
    if (GST_IS_BIN(child))
      configure_sinks(child, analysis, pace);
    else if (factory && std::strcmp(GST_OBJECT_NAME(factory), "appsink") == 0)
      configure_sink(child, pace, child == analysis);
  }
}

std::string codec_of_structure(const GstStructure* s) {
  const std::string type = gst_structure_get_name(s);
  if (type == "application/x-rtp") {
    const char* media = gst_structure_get_string(s, "media");
    const char* encoding = gst_structure_get_string(s, "encoding-name");
    if (!media || !encoding || std::strcmp(media, "video") != 0) return "";
    const std::string name = encoding;
    return name == "H264" ? "h264" : name == "H265" ? "h265" : name == "JPEG" ? "mjpeg" : "video/x-rtp-" + name;
  }
  if (type == "video/x-h264") return "h264";
  if (type == "video/x-h265") return "h265";
  if (type == "image/jpeg") return "mjpeg";
  if (type == "video/x-raw") return "raw";
  return type.rfind("video/", 0) == 0 ? type : "";
}

}  // namespace

Result<GraphElements> build_static_part(const PipelineParts& parts) {
  const PipelineDescription& description = parts.description;
  std::string text = description.source;
  if (!parts.container.empty()) {
    const auto found = description.containers.find(parts.container);
    if (found == description.containers.end())
      return Error(ErrorCode::kInvalidInput, "the description has no line 'container." + parts.container + ":'");
    text += " ! " + found->second + " name=streams";
  }
  text += " " + description.masked;
  GraphElements elements;
  VG_TRY(elements.pipeline, parse_elements(text, As::kPipeline));
  if (!GST_IS_PIPELINE(elements.pipeline.get()))
    return Error(ErrorCode::kInvalidInput, "the description does not make a pipeline");
  VG_TRY(elements.source, named(elements.pipeline.get(), "source"));
  VG_TRY(elements.mask, named(elements.pipeline.get(), "mask"));
  VG_TRY(elements.analysis, named(elements.pipeline.get(), "analysis"));
  if (!is_mask(elements.mask.get()))
    return Error(ErrorCode::kUntrusted, describe(elements.mask.get()) + " is named 'mask' but is no vgprivacymask");
  GstElementFactory* factory = gst_element_get_factory(elements.analysis.get());
  if (!factory || std::strcmp(GST_OBJECT_NAME(factory), "appsink") != 0)
    return Error(ErrorCode::kUntrusted, describe(elements.analysis.get()) + " is named 'analysis' but is no appsink");
  configure_sinks(elements.pipeline.get(), elements.analysis.get(), parts.pace);
  const Owned<GstElement> last = end_of_chain(elements.source.get());
  if (last && adds_pads_later(last.get())) elements.dynamic.push_back(last.get());
  return elements;
}

Result<Owned<GstPad>> open_end_of_source(const GraphElements& elements) {
  const Owned<GstElement> last = end_of_chain(elements.source.get());
  Owned<GstPad> pad(last ? gst_element_get_static_pad(last.get(), "src") : nullptr);
  if (!pad || gst_pad_is_linked(pad.get()))
    return Error(ErrorCode::kUntrusted, "the source line has no single open end for the decoder");
  return pad;
}

Result<void> attach_codec(GraphElements& elements, const PipelineDescription& description, const std::string& codec,
                          GstPad* stream) {
  const auto found = description.codecs.find(codec);
  if (found == description.codecs.end())
    return Error(ErrorCode::kInvalidInput, "the video is coded as " + codec + "; the description has no line 'codec." +
                                               codec + ":'");
  VG_TRY(Owned<GstElement> bin, parse_elements(found->second, As::kBin));
  const Owned<GstPad> in(gst_element_get_static_pad(bin.get(), "sink"));
  const Owned<GstPad> out(gst_element_get_static_pad(bin.get(), "src"));
  const Owned<GstPad> mask(gst_element_get_static_pad(elements.mask.get(), "sink"));
  if (!in || !out) return Error(ErrorCode::kInvalidInput, "'codec." + codec + ":' must have one open end at each side");
  gst_bin_add(GST_BIN(elements.pipeline.get()), bin.get());  // takes a reference of its own
  elements.codec = bin.get();
  if (gst_pad_link(out.get(), mask.get()) != GST_PAD_LINK_OK || gst_pad_link(stream, in.get()) != GST_PAD_LINK_OK)
    return Error(ErrorCode::kInvalidInput, "'codec." + codec + ":' does not fit between the stream and the mask");
  return {};
}

void start_codec(const GraphElements& elements) {
  if (elements.codec) gst_element_sync_state_with_parent(elements.codec);
}

std::string codec_of_pad(GstPad* pad) {
  Owned<GstCaps> caps(gst_pad_get_current_caps(pad));
  if (!caps) caps.reset(gst_pad_query_caps(pad, nullptr));
  if (!caps || gst_caps_is_any(caps.get()) || gst_caps_is_empty(caps.get())) return "";
  return codec_of_structure(gst_caps_get_structure(caps.get(), 0));
}

Result<std::string> codec_of_device(GstElement* source, GstPad* pad, const PipelineDescription& description) {
  if (gst_element_set_state(source, GST_STATE_READY) == GST_STATE_CHANGE_FAILURE)
    return Error(ErrorCode::kNotFound, describe(source) + " cannot be opened: is the device there and readable?");
  const Owned<GstCaps> caps(gst_pad_query_caps(pad, nullptr));
  for (guint i = 0; caps && i < gst_caps_get_size(caps.get()); ++i) {
    const std::string codec = codec_of_structure(gst_caps_get_structure(caps.get(), i));
    if (description.codecs.count(codec)) return codec;
  }
  return Error(ErrorCode::kInvalidInput, describe(source) + " offers no picture format that " + description.name +
                                             " has a 'codec.' line for");
}

bool lies_in_opaque_bin(GstElement* element) {
  for (GstObject* o = GST_OBJECT(element); o; o = GST_OBJECT_PARENT(o)) {
    GstElementFactory* factory = GST_IS_ELEMENT(o) ? gst_element_get_factory(GST_ELEMENT(o)) : nullptr;
    if (factory && is_opaque(GST_OBJECT_NAME(factory))) return true;
  }
  return false;
}

}  // namespace veilgate::media
