#include "typedata/built.h"

#include <algorithm>
#include <cstring>
#include <sstream>

#include "dwarf/debug_info.h"
#include "elf/test_library.h"
#include "facts/atomic_file.h"
#include "typedata/load.h"
#include "typedata/print_c.h"
#include "typedata/read.h"

namespace splitstrip::testing_support {

struct ReadBack::Held {
  DebugInfo info;
};

namespace {

DebugInfo open_section(const std::string& section) {
  const auto packed = std::as_bytes(std::span(section.data(), section.size()));
  return DebugInfo(ElfFile::from_memory(unpack_typedata(packed, "the section"), "typedata"));
}

}  // namespace

ReadBack::ReadBack(const TypedataResult& result)
    : held_(std::make_unique<Held>(Held{open_section(result.section)})),
      interface_(load_interface(held_->info)) {}

ReadBack::~ReadBack() = default;

const Function* ReadBack::function(std::string_view symbol) const {
  const auto found = std::ranges::find(interface_.functions, symbol, &Function::symbol);
  return found == interface_.functions.end() ? nullptr : &*found;
}

const Object* ReadBack::object(std::string_view symbol) const {
  const auto found = std::ranges::find(interface_.objects, symbol, &Object::symbol);
  return found == interface_.objects.end() ? nullptr : &*found;
}

std::vector<const Type*> ReadBack::types(TypeKind kind, std::string_view name) const {
  std::vector<const Type*> found;
  for (const Type& type : interface_.types) {
    if (type.kind == kind && type.name == name) found.push_back(&type);
  }
  return found;
}

std::string ReadBack::c() const {
  std::ostringstream out;
  print_c(interface_, select(interface_, {}, "typedata"), "typedata", out, {.assertions = true});
  return out.str();
}

std::string ReadBack::spell(TypeId id) const {
  std::string after;
  for (int hops = 0; id != void_type && hops < 20; ++hops) {
    const Type& type = interface_.type(id);
    switch (type.kind) {
      case TypeKind::pointer:
        after = "*" + after;
        break;
      case TypeKind::reference:
        after = "&" + after;
        break;
      case TypeKind::const_qualified:
        after = " const" + after;
        break;
      case TypeKind::volatile_qualified:
        after = " volatile" + after;
        break;
      case TypeKind::restrict_qualified:
        after = " restrict" + after;
        break;
      case TypeKind::array:
        after += "[]";
        break;
      case TypeKind::structure:
        return "struct " + std::string(type.name) + after;
      case TypeKind::union_:
        return "union " + std::string(type.name) + after;
      case TypeKind::enumeration:
        return "enum " + std::string(type.name) + after;
      default:
        return std::string(type.name) + after;
    }
    id = type.target;
  }
  return "void" + after;
}

std::filesystem::path compile_units(const std::filesystem::path& directory,
                                    const std::string& compiler,
                                    const std::vector<std::pair<std::string, std::string>>& sources,
                                    const std::vector<std::string>& flags,
                                    const std::vector<std::string>& link_flags) {
  std::vector<std::string> link{compiler,
                                "-shared",
                                "-Wl,--build-id=sha1",
                                "-Wl,-soname,lib.so.1",
                                "-o",
                                (directory / "lib.so.1").string()};
  for (const auto& [name, text] : sources) {
    const std::filesystem::path source = directory / name;
    write_file(source, text);
    std::vector<std::string> compile{compiler, "-g", "-O1", "-w", "-fPIC", "-c"};
    compile.insert(compile.end(), flags.begin(), flags.end());
    compile.insert(compile.end(), {"-o", source.string() + ".o", source.string()});
    run(compile);
    link.push_back(source.string() + ".o");
  }
  link.insert(link.end(), link_flags.begin(), link_flags.end());
  run(link);
  return directory / "lib.so.1";
}

bool have_program(const std::string& name) {
  return message_of([&] { run({name, "--version"}); }).empty();
}

}  // namespace splitstrip::testing_support
