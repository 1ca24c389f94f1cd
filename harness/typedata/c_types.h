// Writes types and declarations of an interface as C.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "typedata/c_layout.h"
#include "typedata/c_names.h"
#include "typedata/interface.h"

namespace splitstrip {

class CTypes {
 public:
  // No more than `most` bytes are written altogether: what refers to one thing over and over can
  // be small and yet come to any amount of text. Beyond that, and for types nested beyond all
  // measure, every function here throws Error. `file` names the input in it.
  CTypes(const Interface& interface, CNames& names, std::string file, std::uint64_t most);

  // "int (*name)[3]": the declaration of `name`, possibly empty, with that type.
  std::string declare(TypeId id, std::string name);
  // "int name(struct a *b, ...)"
  std::string declare_function(const std::string& name, const Function& function);
  // "struct name", or where that has no name "struct { … }" written out, lines after the first
  // indented by `indent`.
  std::string specifier(TypeId id, std::size_t indent);
  // "struct name { … } __attribute__((…))", without a semicolon, for a record or enumeration.
  std::string definition(TypeId id, std::size_t indent);

  // A type whose typedef C cannot express, as it refers to itself; it is spelled void * then.
  void make_opaque(TypeId alias) { opaque_.insert(alias); }
  bool opaque(TypeId alias) const { return opaque_.contains(alias); }

  // Typedefs for types that C has no name for, needed by what was written so far; to come first.
  std::string prologue() const;

  // _Static_assert lines, for a compiler to check that size and offsets of the record or
  // enumeration, known there as `name`, are those recorded.
  std::string assertions(TypeId id, const std::string& name);

 private:
  class Depth;

  static std::string_view keyword(TypeKind kind);
  std::string declare(TypeId id, std::string name, std::size_t indent);
  // How C has to put what a function of another language returns.
  enum class Result : std::uint8_t {
    same,
    place,     // as C++ hands over the place for it, a first parameter …
    pointer,   // … which it gives back
    elsewhere  // C has no words for where
  };
  Result result_of(TypeId returned) const;
  std::string result_elsewhere(TypeId returned);
  // A type that no call can use, and why; `what` stands in the library for it.
  std::string uncallable(TypeId what, std::string_view tag, std::string_view why);
  std::string parameters(const std::vector<Parameter>& list, bool variadic, bool prototyped,
                         TypeId returned);
  std::string parameter(const Parameter& parameter, std::unordered_set<std::string>& taken);
  std::string record_parameter(TypeId id, PassedAs passed, std::string name);
  std::string dimensions(const Type& array, bool zero) const;
  std::string base(const Type& type);
  std::string record(TypeId id, std::size_t indent);
  std::string enumeration(TypeId id, std::size_t indent);
  std::string field_name(const Type& type, std::size_t member,
                         std::unordered_set<std::string>& taken) const;
  bool anonymous_member(const Member& member) const;
  bool va_list_tag(TypeId id) const;
  void member_assertions(TypeId id, const std::string& record, const std::string& path,
                         std::uint64_t at, std::string& text);
  std::string counted(std::string text);

  const Interface& interface_;
  CNames& names_;
  CLayout layout_;
  std::string file_;
  std::uint64_t left_;
  std::size_t depth_ = 0;
  std::unordered_set<TypeId> opaque_;
  std::map<std::string, std::string> prologue_;  // name to typedef
};

}  // namespace splitstrip
