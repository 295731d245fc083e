#pragma once
// The verification lane: people who have consented and stand at a station that serves nothing else.
//
// Six walls keep it apart from the surveillance lane (design: "Folders, and who may include whom"): its own include
// root (this folder), VG_LANE verification on every target (generating stops when a target links both lanes), closed
// types, the include table, the post-link symbol test, and a user, a store, keys and camera credentials of its own.
// A station is never a surveillance camera: StationId and CameraId do not compare, and a configuration that uses one
// device for both is refused.
//
// Thread word: reentrant (plain values).

#include "core/strong.h"

namespace veilgate::verification {

/// What a station may be asked for. Nothing of it comes from the surveillance lane: frames, crops and ids of that
/// lane are refused at this lane's entrance.
enum class StationUse {
  kVerifyOneToOne,  ///< the person claims who they are, and consents to the comparison
  kEnrol,           ///< needs a consent record
};

const char* to_string(StationUse use);  ///< "verify_one_to_one" | "enrol"

struct Station {
  StationId id;
  StationUse use = StationUse::kVerifyOneToOne;
};

}  // namespace veilgate::verification
