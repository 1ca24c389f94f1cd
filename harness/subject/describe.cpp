#include "subject/describe.h"

#include "elf/identity.h"
#include "elf/object_file.h"
#include "facts/error.h"
#include "recipe/input.h"
#include "subject/split_dwarf.h"

namespace splitstrip {

namespace fs = std::filesystem;

Subject describe_unstripped(const fs::path& unstripped, const fs::path& given,
                            const DebugPlaces& places, const std::vector<fs::path>& made_of) {
  const ElfFile elf = open_unstripped(unstripped);
  const auto id = build_id(elf);
  if (!id || id->bytes.size() < 2)
    throw Error::of(
        "{}: has no build-id, by which consumers find its debug file; link it with "
        "-Wl,--build-id=sha1",
        given.string());
  Subject subject;
  subject.given = given;
  subject.unstripped = fs::canonical(unstripped);
  // A soname may hold anything; what is no plain file name is not used as one.
  const fs::path soname(elf.soname());
  subject.file_name =
      !soname.empty() && soname == soname.filename() && soname != "." && soname != ".."
          ? soname.string()
          : fs::canonical(places.named(given)).filename().string();
  subject.name = subject.file_name;
  subject.build_id = id->hex();
  subject.object = is_object(elf);
  subject.machine = elf.machine_name();
  if (const auto link = alt_link(elf)) {
    subject.alt_recorded = fs::path(link->path);
    subject.alt_file = find_alt_file(elf, places);
  }
  std::vector<fs::path> beside{subject.unstripped};
  for (const fs::path& file : made_of) beside.push_back(fs::absolute(file));
  const SplitFiles split(beside);
  subject.dwp_file = split.package();
  if (!subject.dwp_file) subject.dwo_files = find_dwo_files(elf, split);
  return subject;
}

}  // namespace splitstrip
