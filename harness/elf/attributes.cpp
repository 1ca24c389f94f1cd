#include "elf/attributes.h"

#include <algorithm>
#include <string>
#include <vector>

#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace splitstrip {

void copy_attributes(const std::filesystem::path& from, int to) {
  struct stat status {};
  if (::stat(from.c_str(), &status) != 0) return;
  // The owner first: changing it clears the set-user-id bit and file capabilities.
  if (::fchown(to, status.st_uid, status.st_gid) != 0) {
    // Only root may give files away; a group of one's own can still be kept.
    [[maybe_unused]] const int kept = ::fchown(to, static_cast<uid_t>(-1), status.st_gid);
  }
  struct stat now {};
  const bool same_owner = ::fstat(to, &now) == 0 && now.st_uid == status.st_uid;
  const mode_t bits = same_owner ? 07777 : 0777;  // no set-user-id for somebody else's file
  [[maybe_unused]] const int changed = ::fchmod(to, status.st_mode & bits);

  std::vector<char> names(
      static_cast<std::size_t>(std::max<ssize_t>(::listxattr(from.c_str(), nullptr, 0), 0)));
  const ssize_t size = names.empty() ? 0 : ::listxattr(from.c_str(), names.data(), names.size());
  for (ssize_t at = 0; at < size;) {
    const std::string name(names.data() + at);
    at += static_cast<ssize_t>(name.size()) + 1;
    std::vector<char> value(static_cast<std::size_t>(
        std::max<ssize_t>(::getxattr(from.c_str(), name.c_str(), nullptr, 0), 0)));
    const ssize_t got = ::getxattr(from.c_str(), name.c_str(), value.data(), value.size());
    if (got < 0) continue;
    [[maybe_unused]] const int set =
        ::fsetxattr(to, name.c_str(), value.data(), static_cast<std::size_t>(got), 0);
  }
}

}  // namespace splitstrip
