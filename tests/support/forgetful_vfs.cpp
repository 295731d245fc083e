#include "support/forgetful_vfs.h"

#include <cstring>
#include <map>
#include <memory>
#include <vector>

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace veilgate::testing_support {
namespace {

struct Undo {  // what a write or truncate replaced
  sqlite3_int64 offset;
  std::vector<char> before;
  sqlite3_int64 size_before;
};

struct Power {
  bool cut = false;
  std::uint64_t syncs = 0;
  std::int64_t growth_left = -1;
  std::map<std::string, std::vector<Undo>> unsynced;
};
Power& power() {
  static Power instance;
  return instance;
}

struct File {  // sqlite3_file first: SQLite allocates and addresses us through it
  sqlite3_file base;
  std::string* path;
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
File* self(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
sqlite3_file* real(sqlite3_file* file) { return self(file)->real(); }

void remember(File* file, sqlite3_int64 offset, sqlite3_int64 length) {
  if (!file->path) return;
  Undo undo{offset, {}, 0};
  file->real()->pMethods->xFileSize(file->real(), &undo.size_before);
  const sqlite3_int64 readable = std::min(length, std::max<sqlite3_int64>(0, undo.size_before - offset));
  undo.before.resize(static_cast<std::size_t>(readable));
  if (readable > 0)
    file->real()->pMethods->xRead(file->real(), undo.before.data(), static_cast<int>(readable), offset);
  power().unsynced[*file->path].push_back(std::move(undo));
}

int close_file(sqlite3_file* file) {
  const int code = real(file)->pMethods->xClose(real(file));
  delete self(file)->path;
  return code;
}
int read_file(sqlite3_file* f, void* p, int n, sqlite3_int64 o) {
  return real(f)->pMethods->xRead(real(f), p, n, o);
}
bool may_grow(sqlite3_file* f, sqlite3_int64 to) {
  auto& left = power().growth_left;
  sqlite3_int64 size = 0;
  if (left < 0 || real(f)->pMethods->xFileSize(real(f), &size) != SQLITE_OK || to <= size) return true;
  if (to - size > left) return false;
  left -= to - size;
  return true;
}
int write_file(sqlite3_file* f, const void* p, int n, sqlite3_int64 o) {
  if (power().cut) return SQLITE_IOERR_WRITE;
  if (!may_grow(f, o + n)) return SQLITE_FULL;
  remember(self(f), o, n);
  return real(f)->pMethods->xWrite(real(f), p, n, o);
}
int truncate_file(sqlite3_file* f, sqlite3_int64 size) {
  if (power().cut) return SQLITE_IOERR_TRUNCATE;
  sqlite3_int64 old = 0;
  real(f)->pMethods->xFileSize(real(f), &old);
  remember(self(f), size, std::max<sqlite3_int64>(0, old - size));
  return real(f)->pMethods->xTruncate(real(f), size);
}
int sync_file(sqlite3_file* f, int) {
  if (power().cut) return SQLITE_IOERR_FSYNC;
  ++power().syncs;
  if (self(f)->path) power().unsynced[*self(f)->path].clear();
  return SQLITE_OK;  // the test's disk is this memory; a real sync would only cost time
}
int file_size(sqlite3_file* f, sqlite3_int64* s) { return real(f)->pMethods->xFileSize(real(f), s); }
int lock_file(sqlite3_file* f, int l) { return real(f)->pMethods->xLock(real(f), l); }
int unlock_file(sqlite3_file* f, int l) { return real(f)->pMethods->xUnlock(real(f), l); }
int check_lock(sqlite3_file* f, int* r) { return real(f)->pMethods->xCheckReservedLock(real(f), r); }
int control_file(sqlite3_file* f, int o, void* p) { return real(f)->pMethods->xFileControl(real(f), o, p); }
int sector_size(sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); }
int characteristics(sqlite3_file*) {
  return 0;
}  // promise nothing: no atomic, no safe append, no powersafe overwrite
int shm_map(sqlite3_file* f, int p, int s, int e, void volatile** m) {
  return real(f)->pMethods->xShmMap(real(f), p, s, e, m);
}
int shm_lock(sqlite3_file* f, int o, int n, int l) { return real(f)->pMethods->xShmLock(real(f), o, n, l); }
void shm_barrier(sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); }
int shm_unmap(sqlite3_file* f, int d) { return real(f)->pMethods->xShmUnmap(real(f), d); }

const sqlite3_io_methods kMethods = {
    2,         close_file,  read_file,  write_file,   truncate_file, sync_file,       file_size,
    lock_file, unlock_file, check_lock, control_file, sector_size,   characteristics, shm_map,
    shm_lock,  shm_barrier, shm_unmap,  nullptr,      nullptr};

sqlite3_vfs* below() { return static_cast<sqlite3_vfs*>(sqlite3_vfs_find("unix")); }

int open_file(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* out_flags) {
  file->pMethods = nullptr;
  self(file)->path = nullptr;
  const int code = below()->xOpen(below(), path, real(file), flags, out_flags);
  if (real(file)->pMethods) file->pMethods = &kMethods;
  if (code == SQLITE_OK && path) self(file)->path = new std::string(path);
  return code;
}

void take_back(const std::string& path, std::vector<Undo>& undo, PowerLoss kind, std::mt19937& random) {
  const int fd = ::open(path.c_str(), O_WRONLY);
  if (fd < 0) return;
  for (auto one = undo.rbegin(); one != undo.rend(); ++one) {
    if (kind == PowerLoss::kForgetSome && random() % 2 == 0) continue;
    if (!one->before.empty()) (void)!::pwrite(fd, one->before.data(), one->before.size(), one->offset);
    if (kind == PowerLoss::kForgetAll) (void)!::ftruncate(fd, one->size_before);
  }
  ::close(fd);
}

}  // namespace

const char* ForgetfulVfs::name() {
  static sqlite3_vfs vfs = [] {
    sqlite3_vfs made = *below();
    made.szOsFile = static_cast<int>(sizeof(File)) + below()->szOsFile;
    made.zName = "forgetful";
    made.pNext = nullptr;
    made.xOpen = open_file;
    return made;
  }();
  static const bool registered = sqlite3_vfs_register(&vfs, 0) == SQLITE_OK;
  return registered ? "forgetful" : nullptr;
}

void ForgetfulVfs::cut_power(PowerLoss kind, std::mt19937& random) {
  power().cut = true;
  for (auto& [path, undo] : power().unsynced) take_back(path, undo, kind, random);
  power().unsynced.clear();
}
void ForgetfulVfs::restore_power() {
  power().cut = false;
  power().unsynced.clear();
}
void ForgetfulVfs::limit_growth(std::int64_t bytes) { power().growth_left = bytes; }
std::uint64_t ForgetfulVfs::syncs() { return power().syncs; }

}  // namespace veilgate::testing_support
