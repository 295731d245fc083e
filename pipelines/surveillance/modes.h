#pragma once
// The modes of the veilgate-surveillance executable, one file each; `argv[0]` is the mode's name. Each returns an
// exit code (core/exit_code.h). Thread word: thread-bound.

namespace veilgate::surveillance {

/// mask-preview --config F --camera ID [--input VIDEO --frame N] OUT.png
int run_mask_preview(int argc, char** argv);

}  // namespace veilgate::surveillance
