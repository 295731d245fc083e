#include "media/guarded_pipeline.h"

#include <algorithm>
#include <atomic>
#include <mutex>

#include <gst/app/gstappsink.h>

#include "media/graph_builder.h"
#include "media/graph_guard.h"
#include "media/gstreamer.h"
#include "media/sample_frame.h"

namespace veilgate::media {
namespace {

constexpr Millis kBusInterval{50};  // an error without EOS is noticed within this

ErrorCode sort_error(const GError& error) {
  if (error.domain == GST_STREAM_ERROR) return ErrorCode::kInvalidInput;
  if (error.domain == GST_RESOURCE_ERROR) {
    if (error.code == GST_RESOURCE_ERROR_NOT_FOUND) return ErrorCode::kNotFound;
    if (error.code == GST_RESOURCE_ERROR_NOT_AUTHORIZED) return ErrorCode::kPermission;
  }
  return ErrorCode::kUnavailable;
}

}  // namespace

class GuardedPipeline::Graph {
 public:
  explicit Graph(PipelineParts parts) : parts_(std::move(parts)) {}
  ~Graph() {
    stopping_.store(true);
    if (!elements_.pipeline) return;
    gst_element_set_state(elements_.pipeline.get(), GST_STATE_NULL);
    for (const auto& [object, handler] : handlers_) g_signal_handler_disconnect(object, handler);
  }

  Result<void> build() {
    VG_TRY(elements_, build_static_part(parts_));
    if (parts_.configure) VG_CHECK(parts_.configure(elements_.source.get()));
    bind_mask(elements_.mask.get(), *parts_.mask, *parts_.clock, parts_.first_number);
    for (GstElement* element : elements_.dynamic) {
      watch(element, "pad-added", G_CALLBACK(on_pad_added));
      watch(element, "no-more-pads", G_CALLBACK(on_no_more_pads));
    }
    const Result<void> attached = elements_.dynamic.empty() ? attach_static() : Result<void>{};
    // About a graph that does not fit together the proof says more than the failed attempt to join it.
    if (!attached && attached.error().code() != ErrorCode::kUntrusted) return attached;
    VG_CHECK(prove_every_path_is_masked(elements_.pipeline.get()));
    VG_CHECK(attached);
    building_.store(false);
    watch(elements_.pipeline.get(), "deep-element-added", G_CALLBACK(on_element_changed));
    watch(elements_.pipeline.get(), "deep-element-removed", G_CALLBACK(on_element_changed));
    return {};
  }

  Result<void> start() {
    if (gst_element_set_state(elements_.pipeline.get(), GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE) return {};
    read_bus();
    if (const auto failed = failure()) return failed->error;
    return Error(ErrorCode::kUnavailable, "the pipeline does not start");
  }

  Result<std::optional<RawFrame>> pull(Millis timeout, const FrameTimer& timer) {
    GstAppSink* sink = GST_APP_SINK(elements_.analysis.get());
    const MonoTime until = SystemClock().monotonic() + timeout;
    while (true) {
      if (failure()) return std::optional<RawFrame>();
      const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(until - SystemClock().monotonic());
      const auto wait = std::clamp<std::chrono::nanoseconds>(left, std::chrono::nanoseconds{0}, kBusInterval);
      const Owned<GstSample> sample(gst_app_sink_try_pull_sample(sink, static_cast<GstClockTime>(wait.count())));
      if (sample) return accept(sample.get(), timer);
      read_bus();
      if (gst_app_sink_is_eos(sink)) ended_.store(true);
      if (ended_.load() || left <= std::chrono::nanoseconds{0}) return std::optional<RawFrame>();
    }
  }

  std::optional<PipelineFailure> failure() const {
    const std::lock_guard lock(state_mutex_);
    return failure_;
  }
  std::string codec() const {
    const std::lock_guard lock(state_mutex_);
    return codec_;
  }
  bool ended() const { return ended_.load(); }
  GstElement* pipeline() const { return elements_.pipeline.get(); }
  GstElement* mask() const { return elements_.mask.get(); }

 private:
  /// Nothing passes any more; the first reason stays.
  void fail(PipelineFailure failure) {
    close_mask(elements_.mask.get());
    const std::lock_guard lock(state_mutex_);
    if (!failure_) failure_ = std::move(failure);
  }

  Result<std::optional<RawFrame>> accept(GstSample* sample, const FrameTimer& timer) {
    auto frame = frame_from_sample(sample, timer);
    if (!frame) {  // a frame that did not come through the mask: the graph is not what was proven
      fail({frame.error(), "", 0, ""});
      return std::move(frame).error();
    }
    return std::optional<RawFrame>(std::move(frame).value());
  }

  void read_bus() {
    const Owned<GstBus> bus(gst_element_get_bus(elements_.pipeline.get()));
    while (Owned<GstMessage> message{gst_bus_pop_filtered(bus.get(), GST_MESSAGE_ERROR)}) {
      GError* raw = nullptr;
      gst_message_parse_error(message.get(), &raw, nullptr);  // the debug text may hold an address: not taken
      const Owned<GError> error(raw);
      GstObject* from = GST_MESSAGE_SRC(message.get());
      GstElementFactory* factory = GST_IS_ELEMENT(from) ? gst_element_get_factory(GST_ELEMENT(from)) : nullptr;
      const std::string name = factory ? GST_OBJECT_NAME(factory) : "";
      fail({explain(*error, name), g_quark_to_string(error->domain), error->code, name});
    }
  }

  Error explain(const GError& error, const std::string& factory) const {
    if (const std::string format = refused_format(elements_.mask.get()); !format.empty())
      return Error(ErrorCode::kInvalidInput,
                   "the decoder gives pictures as " + format +
                       ", which the privacy mask cannot cover; set the camera to an 8-bit 4:2:0 profile, or put "
                       "'! videoconvert' behind the decoder in a pipeline description of your own");
    return Error(sort_error(error), (factory.empty() ? "pipeline" : factory) + ": " + error.message);
  }

  void watch(GstElement* element, const char* signal, GCallback callback) {
    handlers_.emplace_back(element, g_signal_connect(element, signal, callback, this));
  }

  Result<void> attach_static() {
    VG_TRY(const Owned<GstPad> pad, open_end_of_source(elements_));
    std::string codec = parts_.codec;
    if (codec.empty()) {
      VG_TRY(codec, codec_of_device(elements_.source.get(), pad.get(), parts_.description));
    }
    return attach(pad.get(), codec);
  }

  Result<void> attach(GstPad* pad, const std::string& codec) {
    VG_CHECK(attach_codec(elements_, parts_.description, codec, pad));
    const std::lock_guard lock(state_mutex_);
    codec_ = codec;
    return {};
  }

  static GstPadProbeReturn hold(GstPad*, GstPadProbeInfo*, gpointer) noexcept { return GST_PAD_PROBE_OK; }

  /// In a streaming thread. Until the proof stands, the blocking probe holds the new pad; if it does not, for ever.
  void take_pad(GstPad* pad) {
    const gulong held = gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM, hold, nullptr, nullptr);
    const std::lock_guard lock(graph_mutex_);
    building_.store(true);
    const std::string codec = codec_of_pad(pad);
    const bool wanted = !codec.empty() && this->codec().empty();  // the first video stream
    Result<void> good = wanted ? attach(pad, codec) : Result<void>{};
    if (good) good = prove_every_path_is_masked(elements_.pipeline.get());
    building_.store(false);
    if (!good) {
      fail({good.error(), "", 0, ""});
      return;
    }
    if (wanted) start_codec(elements_);
    gst_pad_remove_probe(pad, held);
  }

  static void on_pad_added(GstElement*, GstPad* pad, gpointer self) noexcept {
    if (GST_PAD_IS_SRC(pad)) static_cast<Graph*>(self)->take_pad(pad);
  }

  static void on_no_more_pads(GstElement*, gpointer self) noexcept {
    Graph& graph = *static_cast<Graph*>(self);
    if (graph.codec().empty() && !graph.failure())
      graph.fail({Error(ErrorCode::kInvalidInput, "there is no video stream in it"), "", 0, ""});
  }

  static void on_element_changed(GstBin*, GstBin* bin, GstElement*, gpointer self) noexcept {
    Graph& graph = *static_cast<Graph*>(self);
    if (graph.building_.load() || graph.stopping_.load()) return;
    if (lies_in_opaque_bin(GST_ELEMENT(bin))) return;
    const std::lock_guard lock(graph.graph_mutex_);
    if (const auto good = prove_every_path_is_masked(graph.elements_.pipeline.get()); !good)
      graph.fail({good.error(), "", 0, ""});
  }

  PipelineParts parts_;
  GraphElements elements_;
  std::vector<std::pair<GstElement*, gulong>> handlers_;
  std::atomic<bool> building_{true};
  std::atomic<bool> stopping_{false};
  std::atomic<bool> ended_{false};
  std::recursive_mutex graph_mutex_;  // a proof at a time; GStreamer may call back while we add elements
  mutable std::mutex state_mutex_;
  std::optional<PipelineFailure> failure_;
  std::string codec_;
};

GuardedPipeline::GuardedPipeline(std::unique_ptr<Graph> graph) : graph_(std::move(graph)) {}
GuardedPipeline::~GuardedPipeline() = default;

Result<std::unique_ptr<GuardedPipeline>> GuardedPipeline::create(PipelineParts parts) {
  VG_ASSERT(parts.mask && parts.clock);
  VG_CHECK(start_gstreamer());
  const std::string name = parts.description.name;
  auto graph = std::make_unique<Graph>(std::move(parts));
  if (const auto built = graph->build(); !built) return built.error().with_context(name);
  return std::unique_ptr<GuardedPipeline>(new GuardedPipeline(std::move(graph)));
}

Result<void> GuardedPipeline::start() { return graph_->start(); }
Result<std::optional<RawFrame>> GuardedPipeline::pull(Millis timeout, const FrameTimer& timer) {
  return graph_->pull(timeout, timer);
}
bool GuardedPipeline::ended() const { return graph_->ended(); }
std::optional<PipelineFailure> GuardedPipeline::failure() const { return graph_->failure(); }
MaskCounters GuardedPipeline::counters() const { return mask_counters(graph_->mask()); }
std::string GuardedPipeline::codec() const { return graph_->codec(); }
GstElement* GuardedPipeline::element() const { return graph_->pipeline(); }

}  // namespace veilgate::media
