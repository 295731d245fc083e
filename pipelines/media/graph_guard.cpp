#include "media/graph_guard.h"

#include <set>
#include <vector>

#include "media/element_roles.h"
#include "media/gstreamer.h"
#include "media/mask_element.h"

namespace veilgate::media {
namespace {

std::string factory_name(GstElement* element) {
  GstElementFactory* factory = gst_element_get_factory(element);
  return factory ? GST_OBJECT_NAME(factory) : "";
}

Error refused(GstElement* element, const std::string& why) {
  return Error(ErrorCode::kUntrusted, "pipeline refused: " + describe(element) + " " + why);
}

std::vector<GstElement*> children_of(GstElement* bin) {
  std::vector<GstElement*> children;
  GST_OBJECT_LOCK(bin);
  for (GList* item = GST_BIN_CHILDREN(bin); item; item = item->next) children.push_back(GST_ELEMENT(item->data));
  GST_OBJECT_UNLOCK(bin);
  return children;
}

std::vector<Owned<GstPad>> pads_of(GstElement* element, GstPadDirection direction) {
  std::vector<Owned<GstPad>> pads;
  GST_OBJECT_LOCK(element);
  for (GList* item = direction == GST_PAD_SRC ? element->srcpads : element->sinkpads; item; item = item->next)
    pads.emplace_back(GST_PAD(gst_object_ref(item->data)));
  GST_OBJECT_UNLOCK(element);
  return pads;
}

/// The pad on the other side, looking through ghost pads in both directions; null when nothing is connected.
Owned<GstPad> real_peer(GstPad* pad) {
  Owned<GstPad> peer(gst_pad_get_peer(pad));
  while (peer) {
    if (GST_IS_GHOST_PAD(peer.get())) {  // into a bin
      peer.reset(gst_ghost_pad_get_target(GST_GHOST_PAD(peer.get())));
    } else if (GST_IS_PROXY_PAD(peer.get())) {  // out of a bin: its ghost pad's peer goes on
      const Owned<GstPad> ghost(GST_PAD(gst_proxy_pad_get_internal(GST_PROXY_PAD(peer.get()))));
      peer.reset(ghost ? gst_pad_get_peer(ghost.get()) : nullptr);
    } else {
      break;
    }
  }
  return peer;
}

Owned<GstElement> owner_of(const Owned<GstPad>& pad) {
  return Owned<GstElement>(pad ? gst_pad_get_parent_element(pad.get()) : nullptr);
}

/// Decoders that can turn or crop what they give: with such a property set, zones would lie over something else.
Result<void> leaves_geometry_alone(GstElement* element) {
  for (const char* name : {"rotation", "rotate-method", "video-direction", "crop-left", "crop-right", "crop-top", "crop-bottom"}) {
    GParamSpec* property = g_object_class_find_property(G_OBJECT_GET_CLASS(element), name);
    if (!property || !(property->flags & G_PARAM_READABLE)) continue;
    GValue value = G_VALUE_INIT;
    g_value_init(&value, property->value_type);
    g_object_get_property(G_OBJECT(element), name, &value);
    const bool as_made = g_param_value_defaults(property, &value);
    g_value_unset(&value);
    if (!as_made)
      return refused(element, std::string("sets '") + name + "', which moves the picture under the privacy zones; "
                                                               "turn or crop at the camera and draw the zones there");
  }
  return {};
}

class Proof {
 public:
  Result<void> collect(GstElement* bin) {
    for (GstElement* element : children_of(bin)) {
      const std::string factory = factory_name(element);
      const auto role = element_role(factory);
      if (!role)
        return refused(element, "is of a type that is not allowed in a camera's pipeline; remove it, or see the list "
                                "of allowed element types in pipelines/README.md");
      if (*role == ElementRole::kBin) {
        VG_CHECK(collect(element));
        continue;
      }
      all_.push_back(element);
      if (*role == ElementRole::kStep) VG_CHECK(leaves_geometry_alone(element));
      if (*role == ElementRole::kSource) VG_CHECK(only_one(source_, element, "is a second source"));
      if (*role == ElementRole::kMask) VG_CHECK(only_one(mask_, element, "is a second privacy mask"));
    }
    return {};
  }

  Result<void> run(GstElement* pipeline) {
    VG_CHECK(collect(pipeline));
    if (!source_) return refused(pipeline, "has no source");
    if (!mask_) return refused(pipeline, "has no privacy mask; put vgprivacymask behind the decoder");
    if (!mask_is_effective(mask_))
      return refused(mask_, "is not in force (not bound to the camera's zones, closed, or set to pass-through)");
    VG_CHECK(forward(source_));
    VG_CHECK(mark_behind(mask_));
    for (GstElement* element : all_) {
      const ElementRole role = *element_role(factory_name(element));
      if (role == ElementRole::kSink || role == ElementRole::kAfterMask) VG_CHECK(backward(element, element));
      if (element != mask_ && !before_.count(element) && !behind_.count(element))
        return refused(element, "is not connected: no path from it to the privacy mask was found");
    }
    return {};
  }

 private:
  Result<void> only_one(GstElement*& slot, GstElement* element, const char* why) {
    if (slot) return refused(element, std::string(why) + " beside " + describe(slot));
    slot = element;
    return {};
  }

  /// Every pad of an element before the mask leads to the mask.
  Result<void> forward(GstElement* element) {
    if (!before_.insert(element).second) return {};
    const ElementRole role = *element_role(factory_name(element));
    if (role == ElementRole::kSink) return refused(element, "receives data that did not pass the privacy mask");
    if (role == ElementRole::kAfterMask) return refused(element, "may only stand behind the privacy mask");
    bool may_get_pads = false;
    const auto pads = pads_of(element, GST_PAD_SRC);
    for (const auto& pad : pads) {
      const GstPadTemplate* pad_template = GST_PAD_PAD_TEMPLATE(pad.get());
      const bool sometimes = pad_template && GST_PAD_TEMPLATE_PRESENCE(pad_template) == GST_PAD_SOMETIMES;
      may_get_pads = may_get_pads || sometimes;
      const Owned<GstPad> peer = real_peer(pad.get());
      const Owned<GstElement> next = owner_of(peer);
      if (!next && sometimes) continue;  // a stream nobody takes, audio for example: nothing flows
      if (!next) return refused(element, "has an open end: no path from it to the privacy mask was found");
      if (next.get() != mask_) VG_CHECK(forward(next.get()));
    }
    if (pads.empty() && !has_sometimes_template(element) && !may_get_pads)
      return refused(element, "is an end of the data path before the privacy mask");
    return {};
  }

  static bool has_sometimes_template(GstElement* element) {
    const GList* item = gst_element_class_get_pad_template_list(GST_ELEMENT_GET_CLASS(element));
    for (; item; item = item->next) {
      const GstPadTemplate* t = GST_PAD_TEMPLATE(item->data);
      if (GST_PAD_TEMPLATE_DIRECTION(t) == GST_PAD_SRC && GST_PAD_TEMPLATE_PRESENCE(t) == GST_PAD_SOMETIMES)
        return true;
    }
    return false;
  }

  Result<void> mark_behind(GstElement* element) {
    for (const auto& pad : pads_of(element, GST_PAD_SRC)) {
      const Owned<GstElement> next = owner_of(real_peer(pad.get()));
      if (!next) continue;
      if (before_.count(next.get()) || next.get() == mask_)
        return refused(next.get(), "leads masked data back to before the privacy mask");
      if (behind_.insert(next.get()).second) VG_CHECK(mark_behind(next.get()));
    }
    return {};
  }

  /// Every way up from `element` meets the mask before anything else.
  Result<void> backward(GstElement* element, GstElement* sink, std::set<GstElement*>* seen = nullptr) {
    std::set<GstElement*> own;
    if (!seen) seen = &own;
    if (element == mask_ || !seen->insert(element).second) return {};
    const auto pads = pads_of(element, GST_PAD_SINK);
    if (pads.empty()) return refused(sink, "receives data from " + describe(element) + " without the privacy mask");
    for (const auto& pad : pads) {
      const Owned<GstElement> above = owner_of(real_peer(pad.get()));
      if (!above) return refused(sink, "is not connected: no path from the privacy mask to it was found");
      VG_CHECK(backward(above.get(), sink, seen));
    }
    return {};
  }

  std::vector<GstElement*> all_;
  std::set<GstElement*> before_;
  std::set<GstElement*> behind_;
  GstElement* source_ = nullptr;
  GstElement* mask_ = nullptr;
};

}  // namespace

Result<void> prove_every_path_is_masked(GstElement* pipeline) {
  if (!GST_IS_BIN(pipeline)) return Error(ErrorCode::kInternal, "only a pipeline can be judged");
  return Proof().run(pipeline);
}

}  // namespace veilgate::media
