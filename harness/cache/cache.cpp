#include "cache/cache.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <vector>

#include <unistd.h>

#include "cache/sha256.h"
#include "facts/atomic_file.h"
#include "facts/error.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;

// No description of an entry is longer.
constexpr std::size_t longest_header = std::size_t{1} << 20;

// Copies `in` to its end into `file`, and into `digest` if there is one.
void copy(std::istream& in, AtomicFile& file, Sha256* digest = nullptr) {
  std::vector<char> block(std::size_t{1} << 17);
  while (in) {
    in.read(block.data(), static_cast<std::streamsize>(block.size()));
    const std::string_view bytes(block.data(), static_cast<std::size_t>(in.gcount()));
    file.write(bytes);
    if (digest != nullptr) digest->add(bytes);
  }
}

// The first line of an entry; null if it is none.
nlohmann::json read_header(std::istream& in) {
  std::string line;
  for (char c = 0; in.get(c) && c != '\n';) {
    line += c;
    if (line.size() > longest_header) return {};
  }
  auto header = nlohmann::json::parse(line, nullptr, false);
  if (!header.is_object() || !header.contains("about") || !header.contains("sha256")) return {};
  return header;
}

}  // namespace

Cache::Cache(fs::path directory) : directory_(std::move(directory)) {
  std::error_code error;
  fs::create_directories(directory_, error);
  if (error || access(directory_.c_str(), W_OK | X_OK) != 0)
    throw Error::of("{}: cannot be used as a cache: {}; name another one with --cache",
                    directory_.string(), error ? error.message() : std::strerror(errno));
}

fs::path Cache::entry(const std::string& key) const {
  return directory_ / key.substr(0, 2) / key.substr(2);
}

bool Cache::has(const std::string& key) const {
  std::error_code ignored;
  return fs::is_regular_file(entry(key), ignored);
}

std::optional<nlohmann::json> Cache::find(const std::string& key, const fs::path& file) {
  const fs::path path = entry(key);
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::error_code ignored;
  const auto header = read_header(in);
  if (!header.is_null()) {
    AtomicFile out(file);
    Sha256 digest;
    copy(in, out, &digest);
    if (digest.hex() == header["sha256"]) {
      out.commit();
      fs::last_write_time(path, fs::file_time_type::clock::now(), ignored);
      return header["about"];
    }
  }
  fs::remove(path, ignored);
  return std::nullopt;
}

void Cache::keep(const std::string& key, const fs::path& file, const nlohmann::json& about) {
  const fs::path path = entry(key);
  std::error_code ignored;
  fs::create_directory(path.parent_path(), ignored);
  const nlohmann::json header = {{"about", about}, {"sha256", sha256_of_file(file)}};
  AtomicFile out(path);
  out.write(header.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace) + "\n");
  std::ifstream in(file, std::ios::binary);
  copy(in, out);
  out.commit();
}

void Cache::forget(const std::string& key) {
  std::error_code ignored;
  fs::remove(entry(key), ignored);
}

void Cache::shrink(std::uint64_t bytes) {
  struct Entry {
    fs::file_time_type used;
    std::uint64_t size;
    fs::path path;
  };
  std::vector<Entry> entries;
  std::uint64_t total = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator at(directory_, error), end; !error && at != end;
       at.increment(error)) {
    std::error_code gone;  // another process shrinks as well
    if (!at->is_regular_file(gone)) continue;
    const auto size = at->file_size(gone);
    const auto used = at->last_write_time(gone);
    if (gone) continue;
    entries.push_back({used, size, at->path()});
    total += size;
  }
  std::ranges::sort(entries, {}, &Entry::used);
  for (const Entry& oldest : entries) {
    if (total <= bytes) break;
    if (fs::remove(oldest.path, error)) total -= oldest.size;
  }
}

std::optional<fs::path> default_cache_directory() {
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache == '/')
    return fs::path(cache) / "splitstrip";
  if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/')
    return fs::path(home) / ".cache" / "splitstrip";
  return std::nullopt;
}

}  // namespace splitstrip
