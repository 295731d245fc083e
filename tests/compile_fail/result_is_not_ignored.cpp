// expect: ignoring return value|ignoring returned value|ignoring.*nodiscard
#include "core/bytes.h"
#pragma GCC diagnostic error "-Wunused-result"
void lose() { veilgate::from_hex("00"); }
