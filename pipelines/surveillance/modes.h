#pragma once
// The modes of the veilgate-surveillance executable, one file each. `argv[0]` is the executable, `argv[1]` the mode.
// Each returns an exit code (core/exit_code.h). Thread word: thread-bound.

namespace veilgate::surveillance {

/// analyze --config F --camera ID --input VIDEO --results OUT.jsonl [--tracks OUT.txt] [--objects OUT.txt]
/// [--detector own|hog|yunet] [--models DIR] [--start TIME] [--realtime]: the camera's chain on a file.
int run_analyze(int argc, char** argv);

/// mask-preview --config F --camera ID [--input VIDEO --frame N] OUT.png
int run_mask_preview(int argc, char** argv);

/// probe URL [--user U | --credentials FILE] [--ca FILE] [--pin SHA256] [--json]: what a camera's address offers, or
/// which of name, network, TLS, credentials or stream keeps it away. The password comes from a file or a prompt.
int run_probe(int argc, char** argv);

/// detect [--detector auto|own|hog|yunet] [--models DIR] IMAGE…: one JSON line per picture, boxes and scores.
int run_detect(int argc, char** argv);

/// worker: the cameras that the parent process names over descriptor 3; started by the parent only.
int run_worker(int argc, char** argv);

}  // namespace veilgate::surveillance
