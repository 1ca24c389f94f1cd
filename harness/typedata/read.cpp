#include "typedata/read.h"

#include <string>

#include "elf/identity.h"
#include "facts/error.h"

namespace splitstrip {
namespace {

[[noreturn]] void damaged(std::string_view what, std::string_view why) {
  throw Error::of("{} cannot be unpacked ({}): the file is damaged, build or fetch it again", what,
                  why);
}

}  // namespace

std::optional<std::span<const std::byte>> find_typedata(const ElfFile& file) {
  const Section* section = file.section(typedata_section_name);
  if (section == nullptr) return std::nullopt;
  if (section->nobits()) {
    throw Error::of("{}: its {} has no content, as in a debug file: name the library itself",
                    file.path().string(), typedata_section_name);
  }
  return file.raw(*section);
}

ElfFile open_typedata(const ElfFile& main, const UnpackLimits& limits) {
  const std::string path = main.path().string();
  const auto packed = find_typedata(main);
  if (!packed) {
    throw Error::of(
        "{}: carries no {}: add it with 'splitstrip embed {} --debug DEBUG', or strip the "
        "unstripped library with 'splitstrip split'",
        path, typedata_section_name, main.path().filename().string());
  }
  const std::string what = fmt::format("{}: its {}", path, typedata_section_name);
  ElfFile object = ElfFile::from_memory(unpack_typedata(*packed, what, limits),
                                        path + "(" + std::string(typedata_section_name) + ")");
  const GElf_Ehdr& theirs = object.header();
  const GElf_Ehdr& ours = main.header();
  if (theirs.e_ident[EI_CLASS] != ours.e_ident[EI_CLASS] ||
      theirs.e_ident[EI_DATA] != ours.e_ident[EI_DATA] || theirs.e_machine != ours.e_machine) {
    throw Error::of("{} is for another machine ({}, not {}): embed the library's own", what,
                    object.machine_name(), main.machine_name());
  }
  const auto main_id = build_id(main);
  const auto object_id = build_id(object);
  if (main_id && (!object_id || object_id->hex() != main_id->hex())) {
    throw Error::of("{} is of another build (build-id {}, not {}): embed the library's own", what,
                    object_id ? object_id->hex() : "missing", main_id->hex());
  }
  // Whoever reads the DWARF would unpack these again, beyond the limits kept here.
  for (const Section& section : object.sections()) {
    if (object.compressed(section)) {
      damaged(what, fmt::format("its section {} is compressed once more", section.name));
    }
  }
  if (object.section(".gnu_debugaltlink") != nullptr) {
    damaged(what, "it refers to another file, which libdw would open");
  }
  return object;
}

}  // namespace splitstrip
