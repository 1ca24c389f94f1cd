#include "elf/debug_files.h"

#include <algorithm>

#include "elf/identity.h"
#include "elf/same_build.h"
#include "facts/error.h"

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

bool is_file(const fs::path& path) {
  std::error_code none;
  return fs::is_regular_file(path, none);
}

fs::path canonical_or_same(const fs::path& path) {
  std::error_code error;
  fs::path real = fs::canonical(path, error);
  return error ? path : real;
}

// A place to look at: a path of this machine, or one that counts from a tree's root.
struct Place {
  fs::path path;
  const Sysroot* root = nullptr;

  bool operator==(const Place& other) const { return path == other.path && root == other.root; }
  Place operator/(const fs::path& rest) const { return {path / rest, root}; }

  // The file that lies there.
  std::optional<fs::path> file() const {
    std::optional<fs::path> found = root != nullptr ? root->find(path) : std::optional(path);
    return found && is_file(*found) ? found : std::nullopt;
  }
};

// The debug directories of `places`. Those that are trees of their own are kept in `trees`.
std::vector<Place> debug_directories(const DebugPlaces& places, std::vector<Sysroot>& trees) {
  std::vector<Place> found;
  trees.reserve(places.directories.size());  // the places point into it
  for (const fs::path& directory : places.directories) {
    found.push_back({directory});
    std::error_code none;
    if (!fs::is_directory(directory / fs::path(debug_directory).relative_path(), none)) continue;
    trees.emplace_back(directory);
    found.push_back({debug_directory, &trees.back()});
  }
  if (places.sysroot) found.push_back({debug_directory, &*places.sysroot});
  return found;
}

// The directories in which a file lies: as it was named, and with links followed. In a tree they
// count from its root.
std::vector<Place> directories_of(const fs::path& file, const DebugPlaces& places) {
  const Sysroot* root = places.sysroot ? &*places.sysroot : nullptr;
  std::vector<Place> found;
  const auto add = [&](const Place& place) {
    if (std::ranges::find(found, place) == found.end()) found.push_back(place);
  };
  if (const auto inside = root != nullptr ? root->inside(file) : std::nullopt) {
    add({inside->parent_path(), root});
    if (const auto real = root->find(*inside))
      add({root->inside(*real).value_or(*inside).parent_path(), root});
    return found;
  }
  std::error_code none;
  add({fs::absolute(file, none).parent_path()});
  add({canonical_or_same(file).parent_path()});
  return found;
}

void add_by_link(std::vector<Place>& candidates, const fs::path& name, const ElfFile& main,
                 const DebugPlaces& places, const std::vector<Place>& directories) {
  for (const Place& beside : directories_of(main.path(), places)) {
    candidates.push_back(beside / name);
    candidates.push_back(beside / ".debug" / name);
    for (const Place& directory : directories) {
      const fs::path relative = beside.path.relative_path();
      candidates.push_back(directory / relative / name);
      // /lib is a link to /usr/lib, and packages use either name.
      if (relative.begin() != relative.end() && *relative.begin() == "usr")
        candidates.push_back(directory / relative.lexically_relative("usr") / name);
      else
        candidates.push_back(directory / "usr" / relative / name);
    }
  }
  for (const Place& directory : directories) candidates.push_back(directory / name);
}

std::vector<Place> candidates_for(const ElfFile& main, const DebugPlaces& places,
                                  const std::vector<Place>& directories) {
  std::vector<Place> candidates;
  if (const auto id = build_id(main); id && id->bytes.size() >= 2)
    for (const Place& directory : directories) {
      candidates.push_back(directory / build_id_file(id->hex()));
      // As debuginfod's client keeps what it fetched.
      candidates.push_back(directory / id->hex() / "debuginfo");
    }
  const auto link = debug_link(main);
  if (link && link->file_name.find('/') == std::string_view::npos)
    add_by_link(candidates, link->file_name, main, places, directories);
  const fs::path usual = main.path().filename().string() + ".debug";
  for (const Place& directory : directories) candidates.push_back(directory / usual);
  return candidates;
}

// "../../.dwz/foo" and "/usr/lib/debug/.dwz/foo": what counts from a debug directory.
fs::path below_debug_directory(const fs::path& recorded) {
  const fs::path normal = recorded.lexically_normal();
  if (normal.is_absolute()) {
    const fs::path relative = normal.lexically_relative(debug_directory);
    return relative.empty() || *relative.begin() == ".." ? normal.filename() : relative;
  }
  fs::path rest;
  for (const fs::path& step : normal)
    if (step != "..") rest /= step;
  return rest;
}

std::vector<Place> alt_candidates(const ElfFile& elf, const AltLink& link,
                                  const DebugPlaces& places,
                                  const std::vector<Place>& directories) {
  const fs::path recorded(link.path);
  std::vector<Place> candidates;
  const std::vector<Place> own = directories_of(elf.path(), places);
  // From where the file really lies, which is the last of them.
  if (recorded.is_relative())
    for (auto place = own.rbegin(); place != own.rend(); ++place)
      candidates.push_back(*place / recorded);
  else if (places.sysroot && !places.sysroot->inside(recorded))
    candidates.push_back({recorded, &*places.sysroot});
  else
    candidates.push_back({recorded});  // also a file of the tree, as a join names it from outside
  for (const Place& directory : directories) {
    candidates.push_back(directory / below_debug_directory(recorded));
    candidates.push_back(directory / recorded.filename());
    if (link.build_id.size() >= 4) {
      candidates.push_back(directory / build_id_file(link.build_id));
      candidates.push_back(directory / link.build_id / "debuginfo");
    }
  }
  for (const Place& place : own) candidates.push_back(place / recorded.filename());
  return candidates;
}

// Whether `path` is the debug file of `main`; if not, `why` is the message that says so.
bool fits(const ElfFile& main, const fs::path& path, std::string& why) {
  try {
    const ElfFile debug = ElfFile::open(path);
    const auto wrong = build_mismatch(main, debug);
    if (!wrong && debug.has_dwarf()) return true;
    why = fmt::format(
        "{}: its debug file is of another build: {} has {}; install library and debug package of "
        "the same version",
        main.path().string(), path.string(), wrong ? *wrong : "no DWARF in it");
  } catch (const Error& error) {
    why = error.what();
  }
  return false;
}

}  // namespace

DebugPlaces DebugPlaces::of(const std::vector<fs::path>& directories, const fs::path& sysroot) {
  DebugPlaces places;
  if (!sysroot.empty()) {
    places.directories.clear();
    places.sysroot.emplace(sysroot);
  }
  places.directories.insert(places.directories.begin(), directories.begin(), directories.end());
  for (const fs::path& directory : directories) {
    std::error_code none;
    if (!fs::is_directory(directory, none))
      throw Error::of("--debug-dir {}: is no directory; name one that holds debug files",
                      directory.string());
  }
  return places;
}

fs::path DebugPlaces::named(const fs::path& path) const {
  if (!sysroot) return path;
  const auto inside = sysroot->inside(path);
  const auto found = inside ? sysroot->find(*inside) : std::nullopt;
  // As it was named, unless a link leads elsewhere.
  std::error_code none;
  return !found || fs::equivalent(*found, path, none) ? path : *found;
}

std::optional<fs::path> find_debug_file(const ElfFile& main, const DebugPlaces& places) {
  std::vector<Sysroot> trees;
  const std::vector<Place> directories = debug_directories(places, trees);
  std::string failure;  // of the first file that does not do
  for (const Place& place : candidates_for(main, places, directories)) {
    const auto path = place.file();
    std::error_code none;
    if (!path || fs::equivalent(*path, main.path(), none)) continue;
    std::string why;
    if (fits(main, *path, why)) return path;
    if (failure.empty()) failure = why;
  }
  if (failure.empty()) return std::nullopt;
  throw Error(failure);
}

fs::path find_alt_file(const ElfFile& elf, const DebugPlaces& places) {
  const auto link = alt_link(elf);
  if (!link) throw Error::of("{}: has no .gnu_debugaltlink", elf.path().string());
  std::vector<Sysroot> trees;
  const std::vector<Place> directories = debug_directories(places, trees);
  bool other_build = false;
  for (const Place& place : alt_candidates(elf, *link, places, directories)) {
    const auto path = place.file();
    if (!path) continue;
    const ElfFile common = ElfFile::open(*path);
    const auto id = build_id(common);
    if (id && id->hex() == link->build_id) return canonical_or_same(*path);
    other_build = true;
  }
  throw Error::of("{}: shares DWARF with {} (dwz), {}; {} the debug packages of the same version",
                  elf.path().string(), link->path,
                  other_build ? "which is of another build" : "which is missing",
                  places.sysroot ? "unpack to " + places.sysroot->directory().string() : "install");
}

}  // namespace splitstrip
