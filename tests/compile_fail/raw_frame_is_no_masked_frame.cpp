// expect: could not convert|cannot convert|no viable conversion|no matching function
#include "frame/frame.h"
veilgate::MaskedFrame relabel(veilgate::RawFrame frame) { return std::move(frame); }
