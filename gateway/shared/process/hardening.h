#pragma once
// What a process forbids itself at its start. Thread word: call before the first thread.

namespace veilgate::process {

/// No core dump and no ptrace by others of the same user (memory holds keys, pictures, credentials).
void forbid_memory_inspection();
/// No setuid program can give us more than we have.
void forbid_new_privileges();
/// A peer that goes away is an error code, not the end of the process.
void ignore_broken_pipes();

}  // namespace veilgate::process
