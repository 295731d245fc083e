// expect: No such file|file not found
// roots: shared surveillance
#include "consent/consent_ledger.h"
