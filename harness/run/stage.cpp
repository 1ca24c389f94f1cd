#include "run/stage.h"

#include <algorithm>
#include <fstream>
#include <system_error>

#include "facts/error.h"
#include "run/runtime_debug.h"

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

constexpr const char* system_debug = "/usr/lib/debug";
constexpr const char* local_debug = "/usr/local/lib/debug";

void make_directory(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error)
    throw Error::of("{}: cannot be made: {}; set TMPDIR to another directory", path.string(),
                    error.message());
}

void place_copy(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::copy_file(from, to, error);
  if (error)
    throw Error::of("{}: cannot be copied to {}: {}; free some space there, or set TMPDIR",
                    from.string(), to.string(), error.message());
  // The copy may have to be changed, whatever the original allows.
  fs::permissions(to, fs::perms::owner_write, fs::perm_options::add, error);
}

// As a hard link where that can be done: not across file systems, and on many machines not of
// somebody else's files (proc(5), protected_hardlinks).
void place(const fs::path& original, const fs::path& to, bool own_copy = false) {
  std::error_code error;
  const fs::path from = fs::canonical(original, error);
  if (error)
    throw Error::of("{}: cannot be staged: {}; check that the file is there", original.string(),
                    error.message());
  make_directory(to.parent_path());
  if (!own_copy) {
    fs::create_hard_link(from, to, error);
    if (!error) return;
  }
  place_copy(from, to);
}

void check_name(const std::string& name) {
  if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos)
    throw Error::of("\"{}\": no name for a library in a stage; give a plain file name", name);
}

fs::path build_id_file(const std::string& id) {
  const bool hex = std::all_of(id.begin(), id.end(), [](char digit) {
    return (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
  });
  if (id.size() < 4 || id.size() % 2 != 0 || !hex)
    throw Error::of("\"{}\": no build-id; it is an even number of lower-case hex digits", id);
  return fs::path(".build-id") / id.substr(0, 2) / (id.substr(2) + ".debug");
}

// Another id of the same length, the same on every run: each digit becomes 15 minus it.
std::string other_build_id(std::string id) {
  for (char& digit : id) {
    const int value = digit <= '9' ? digit - '0' : digit - 'a' + 10;
    digit = "0123456789abcdef"[15 - value];
  }
  return id;
}

bool is_below(const fs::path& path, const fs::path& parent) {
  const auto ends = std::mismatch(parent.begin(), parent.end(), path.begin(), path.end());
  return ends.first == parent.end();
}

// Where one library of a stage goes, and how its debug file is found.
struct LibraryPlace {
  FoundBy found_by = FoundBy::build_id;
  fs::path tree;
  fs::path below;  // where its lib/ lies within $ROOT
  fs::path debug_directory;
  fs::path served;  // for debuginfod
};

// Builds one library of a stage, with its debug file.
class LibraryBuilder {
 public:
  LibraryBuilder(const StageContent& content, bool isolated, fs::path seen_root)
      : content_(content), isolated_(isolated), seen_root_(std::move(seen_root)) {
    link_ = content.debuglink.empty() ? content.file_name + ".debug" : content.debuglink;
    check_name(link_);
  }

  // Returns where the debug file lies, if there is one.
  std::optional<fs::path> build(const StageLibrary& library, const std::string& build_id,
                                const LibraryPlace& where) const {
    const fs::path directory = where.tree / where.below / "lib";
    const fs::path main = directory / content_.file_name;
    const bool renamed = !isolated_ && !build_id.empty() && content_.set_build_id;
    const std::string id = renamed ? other_build_id(build_id) : build_id;
    place(library.main, main, renamed);
    make_directory(where.debug_directory);
    std::optional<fs::path> debug;
    if (library.debug) {
      debug = debug_place(id, directory, where);
      place(*library.debug, *debug, renamed);
      place_split_dwarf(main, *debug, where.debug_directory);
      if (where.found_by != FoundBy::build_id) place_alt_by_build_id(where);
    }
    if (renamed) content_.set_build_id(main, debug, id);
    if (debug && !isolated_ && where.found_by == FoundBy::build_id)
      place(*debug, directory / ".debug" / link_);
    return debug;
  }

 private:
  // Where to put the debug file of the library in `directory` so that it is found as it should be.
  fs::path debug_place(const std::string& id, const fs::path& directory,
                       const LibraryPlace& where) const {
    // gdb and elfutils look for DEBUG/DIRECTORY-OF-MAIN/LINK.
    const fs::path by_path =
        where.debug_directory / (seen_root_ / where.below / "lib" / link_).relative_path();
    switch (where.found_by) {
      case FoundBy::debuglink:
        return directory / link_;
      case FoundBy::dot_debug:
        return directory / ".debug" / link_;
      case FoundBy::debug_path:
        return by_path;
      case FoundBy::debuginfod:
        return where.served / link_;
      case FoundBy::build_id:
        break;
    }
    return id.empty() ? by_path : place_by_build_id(id, where.debug_directory);
  }

  // Where to put the debug file so that it is found by its build-id.
  fs::path place_by_build_id(const std::string& id, const fs::path& debug_directory) const {
    const fs::path name = debug_directory / build_id_file(id);
    const bool alt = content_.alt_recorded && content_.alt_file;
    if (!alt || content_.alt_recorded->is_absolute()) return name;
    // A relative record counts from the directory in which the debug file really lies: as deep
    // below the debug directory as the record climbs, with .build-id a symbolic link to it. (This
    // is how Fedora's packages are laid out.)
    fs::path deep;
    fs::path rest;
    for (const fs::path& part : content_.alt_recorded->lexically_normal()) {
      if (part == "..") {
        deep /= "files";
      } else {
        rest /= part;
      }
    }
    const fs::path real = debug_directory / deep / (id + ".debug");
    make_directory(name.parent_path());
    fs::create_symlink(real.lexically_relative(name.parent_path()), name);
    if (!fs::exists(debug_directory / rest)) place(*content_.alt_file, debug_directory / rest);
    return real;
  }

  // A debug file in another place than its package's keeps its record of dwz's common file, which
  // leads nowhere if it is relative: then that file, too, has to be found otherwise.
  void place_alt_by_build_id(const LibraryPlace& where) const {
    if (!content_.alt_recorded || !content_.alt_file) return;
    fs::path to;
    if (where.found_by == FoundBy::debuginfod) {
      to = where.served / "alt.debug";
    } else if (!content_.alt_recorded->is_absolute() && !content_.alt_build_id.empty()) {
      to = where.debug_directory / build_id_file(content_.alt_build_id);
    }
    if (!to.empty() && !fs::exists(to)) place(*content_.alt_file, to);
  }

  void place_split_dwarf(const fs::path& main, const fs::path& debug,
                         const fs::path& debug_directory) const {
    for (const StageDwo& dwo : content_.dwo_files) {
      // The name comes out of the subject, and must not lead out of the stage.
      const fs::path name = dwo.recorded_name.lexically_normal();
      const bool plain = name.is_relative() && *name.begin() != "..";
      const fs::path inside = plain ? name : name.filename();
      const fs::path recorded = (dwo.recorded_directory / dwo.recorded_name).lexically_normal();
      std::vector<fs::path> places{debug.parent_path() / inside, debug_directory / inside};
      if (is_below(recorded, system_debug))
        places.push_back(debug_directory / recorded.lexically_relative(system_debug));
      for (const fs::path& to : places)
        if (!fs::exists(to)) place(dwo.file, to);
    }
    if (!content_.dwp_file) return;
    // gdb: named after the library, but beside the debug file or in the debug directory.
    const std::string package = content_.file_name + ".dwp";
    for (const fs::path& to : {fs::path(main.string() + ".dwp"), fs::path(debug.string() + ".dwp"),
                               debug.parent_path() / package, debug_directory / package})
      if (!fs::exists(to)) place(*content_.dwp_file, to);
  }

  const StageContent& content_;
  bool isolated_;
  fs::path seen_root_;
  std::string link_;
};

// The debug files that stay visible: empty files in the stage, over which the runner mounts the
// machine's own, which may be large and on another file system. Not that of the subject: withheld,
// it must not come back in this way.
std::vector<Mount> keep_runtime_debug(const fs::path& debug_directory, const std::string& subject) {
  std::vector<Mount> mounts;
  for (const std::string& id : runtime_build_ids()) {
    if (id == subject) continue;
    const fs::path file = build_id_file(id);
    std::error_code none;
    const fs::path source = fs::canonical(fs::path(system_debug) / file, none);
    if (none || fs::exists(debug_directory / file)) continue;
    make_directory((debug_directory / file).parent_path());
    std::ofstream(debug_directory / file).flush();
    mounts.push_back({source, debug_directory / file, false});
  }
  return mounts;
}

}  // namespace

Stage::Stage(const StageContent& content, const fs::path& directory, const fs::path& root,
             Isolation isolation)
    : isolated_(isolation == Isolation::when_possible && can_isolate()) {
  check_name(content.file_name);
  if (!directory.is_absolute() || !root.is_absolute())
    throw Error::of("{}: a stage needs absolute paths; name one", directory.string());
  const fs::path tree = isolated_ ? directory / "root" : directory;
  const fs::path debug = directory / "debug";
  make_directory(tree);
  make_directory(debug);
  root_ = isolated_ ? root : directory;
  debug_root_ = isolated_ ? fs::path(system_debug) : debug;
  build_id_ = !isolated_ && !content.build_id.empty() && content.set_build_id
                  ? other_build_id(content.build_id)
                  : content.build_id;

  served_ = directory / "served";
  make_directory(served_);
  const LibraryBuilder builder(content, isolated_, root_);
  const auto debug_file = builder.build(content.library, content.build_id,
                                        {content.found_by, tree, "", debug, served_});
  if (content.found_by == FoundBy::debuginfod) served_debug_ = debug_file;
  if (content.reference)
    builder.build(*content.reference, content.build_id,
                  {FoundBy::build_id, tree, "reference", tree / "reference" / "debug", {}});
  if (content.broken)
    builder.build(
        *content.broken, content.broken_build_id.value_or(content.build_id),
        {content.found_by, tree, "broken", tree / "broken" / "debug", served_ / "broken"});
  if (content.driver) place(*content.driver, tree / "bin" / "driver");
  // The driver's run path is $ORIGIN/../lib, and gdb takes the library's path as it is loaded:
  // DEBUG/$ROOT/bin/../lib/LINK. Installed systems, too, have the directories of programs there.
  if (content.driver && content.found_by == FoundBy::debug_path)
    make_directory(debug / (root_ / "bin").relative_path());
  if (content.core) place(*content.core, tree / "core");
  if (content.write_synthetic_cores)
    content.write_synthetic_cores(tree / "lib" / content.file_name,
                                  root_ / "lib" / content.file_name, tree / synthetic_directory,
                                  root_ / synthetic_directory);

  const bool any_debug = content.library.debug || (content.reference && content.reference->debug) ||
                         (content.broken && content.broken->debug);
  const bool alt_served = content.found_by == FoundBy::debuginfod && !content.reference;
  if (any_debug && !alt_served && content.alt_recorded && content.alt_file &&
      is_below(content.alt_recorded->lexically_normal(), system_debug)) {
    place(*content.alt_file,
          debug / content.alt_recorded->lexically_normal().lexically_relative(system_debug));
  }

  if (!isolated_) return;
  make_directory(root);
  mounts_ = keep_runtime_debug(debug, content.build_id);
  mounts_.push_back({tree, root, true});
  mounts_.push_back({debug, system_debug, true});
  std::error_code none;
  if (fs::is_directory(local_debug, none)) mounts_.push_back({debug, local_debug, true});
}

}  // namespace splitstrip
