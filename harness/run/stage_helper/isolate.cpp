#include "run/stage_helper/isolate.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace splitstrip::stage_helper {
namespace {

using stage_protocol::Step;

bool write_text(const char* path, const char* text) {
  const int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool written =
      write(fd, text, std::strlen(text)) == static_cast<ssize_t>(std::strlen(text));
  const int error = errno;
  close(fd);
  errno = error;
  return written;
}

// user_namespaces(7): without a privilege outside, one id can be mapped, and for the group only
// once setgroups(2) is forbidden.
bool map_own_ids(uid_t user, gid_t group) {
  char map[64];
  if (!write_text("/proc/self/setgroups", "deny") && errno != ENOENT) return false;
  std::snprintf(map, sizeof map, "%u %u 1\n", user, user);
  if (!write_text("/proc/self/uid_map", map)) return false;
  std::snprintf(map, sizeof map, "%u %u 1\n", group, group);
  return write_text("/proc/self/gid_map", map);
}

// The flags that a remount must repeat: those that came from a more privileged namespace are locked
// (mount_namespaces(7)), and a remount that drops one is refused.
unsigned long kept_flags(const char* path) {
  struct statvfs status {};
  if (statvfs(path, &status) != 0) return 0;
  unsigned long flags = 0;
  if ((status.f_flag & ST_NOSUID) != 0) flags |= MS_NOSUID;
  if ((status.f_flag & ST_NODEV) != 0) flags |= MS_NODEV;
  if ((status.f_flag & ST_NOEXEC) != 0) flags |= MS_NOEXEC;
  if ((status.f_flag & ST_NOATIME) != 0) flags |= MS_NOATIME;
  if ((status.f_flag & ST_NODIRATIME) != 0) flags |= MS_NODIRATIME;
  if ((status.f_flag & ST_RELATIME) != 0) flags |= MS_RELATIME;
  return flags;
}

}  // namespace

Failure isolate(const Buffer<Mount>& mounts) {
  const uid_t user = geteuid();
  const gid_t group = getegid();
  if (unshare(CLONE_NEWNS) != 0) {
    if (errno != EPERM) return {Step::namespaces, 0, errno};
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return {Step::namespaces, 0, errno};
    if (!map_own_ids(user, group)) return {Step::user_map, 0, errno};
  }
  if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
    return {Step::private_mounts, 0, errno};
  int index = 0;
  for (const Mount& wanted : mounts) {
    // With MS_REC because what was bound into the source has to come along, and because a less
    // privileged namespace may not bind a tree without the mounts in it.
    if (mount(wanted.source, wanted.target, nullptr, MS_BIND | MS_REC, nullptr) != 0)
      return {Step::bind, index, errno};
    if (wanted.read_only &&
        mount("none", wanted.target, nullptr,
              MS_REMOUNT | MS_BIND | MS_RDONLY | kept_flags(wanted.target), nullptr) != 0)
      return {Step::read_only, index, errno};
    ++index;
  }
  return {};
}

}  // namespace splitstrip::stage_helper
