#pragma once
// Proves that in a pipeline no data can reach a sink or a branch without passing the privacy mask. "No path found" is
// a refusal. The proof, in both directions:
//   1. every element, also inside bins, is of an allowed type (element_roles.h);
//   2. there is exactly one source and exactly one mask, and the mask is bound and not switched to pass-through;
//   3. forward from the source, every pad leads to the mask; branches before the decoder count, and so do open ends.
//      Pads that a demultiplexer or rtspsrc adds later are judged when they appear; until then nothing flows there;
//   4. backward from every sink and every encoder, each way leads to the mask;
//   5. no element is without connection: it might be connected later.
// A walk at state NULL alone proves nothing about pads that do not exist yet: run it before any buffer flows, again
// at every pad-added while a blocking probe holds the new pad, and whenever an element comes or goes.
//
// Source: design.md section 5. Thread word: reentrant; the caller keeps the graph from changing meanwhile.

#include <gst/gst.h>

#include "core/result.h"

namespace veilgate::media {

/// kUntrusted, naming the element and what to change, when the proof fails.
Result<void> prove_every_path_is_masked(GstElement* pipeline);

}  // namespace veilgate::media
