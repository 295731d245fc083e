// expect: No such file|file not found
// roots: shared surveillance
#include "station.h"
