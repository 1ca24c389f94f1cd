// The first pass: looks once at the outer DIEs of every unit, and remembers where things are.
//
// Function bodies and, in C, the insides of types are jumped over.
#pragma once

#include <cstdint>
#include <vector>

#include "dwarf/raw.h"
#include "typedata/exports.h"

namespace splitstrip {

// A DIE that may describe an export.
struct Candidate {
  std::uint32_t index = 0;  // into Exports::all()
  Match match = Match::none;
  DieRef die;
};

// A named class, struct, union or enumeration. `key` hashes kind and qualified name.
struct NamedType {
  std::uint64_t key = 0;
  std::uint32_t offset = 0;  // in the unit
};

// A namespace, module or class: other DIEs lie between `begin` and `end`.
struct Container {
  std::uint32_t begin = 0;  // offset of its DIE in the unit
  std::uint32_t end = 0;
  std::uint32_t parent = kNone;  // index into the unit's containers
  std::uint64_t key = 0;         // hash of the qualified name; 0 if that holds an unnamed namespace

  static constexpr std::uint32_t kNone = 0xffffffff;
  static constexpr std::uint32_t kOpen = 0xffffffff;  // an end that is not known yet
};

// An external function or variable with a type, whose name nothing is exported under.
struct OtherName {
  std::uint64_t hash = 0;    // hash_text(name, 0)
  std::uint32_t offset = 0;  // in the unit
};

// A function that completes a declaration, but has no code of its own: it was inlined everywhere,
// or is one with another function. It has the parameters' names.
struct CodelessFunction {
  DieRef declaration;
  std::uint32_t offset = 0;  // in the unit
};

struct UnitScan {
  // Who made it, and from what: of a partial unit, what the first unit that imports it says.
  std::uint16_t language = 0;
  bool by_clang = false;
  bool typed = false;  // some DIE is a type, or has one
  // Made without types, as with -g1: what it does not say is not known.
  bool untyped = false;
  std::vector<std::uint32_t> imports;  // units that it imports or, with -flto, leaves things to
  std::vector<Candidate> candidates;
  std::vector<Candidate> resolvers;  // functions at the address of an ifunc
  std::vector<CodelessFunction> codeless;
  std::vector<OtherName> others;
  std::vector<NamedType> defined;
  std::vector<std::uint64_t> declared;  // keys
  std::vector<Container> containers;    // in the order in which they begin

  // Index of the innermost container of a DIE, or Container::kNone.
  std::uint32_t container_of(std::uint32_t offset) const;
};

// Languages whose scopes do not nest, as far as exports and named types go.
bool is_flat_language(std::uint16_t language);

// Settles which units have no types, in themselves and in what they import, and forgets what those
// describe.
void drop_untyped(const RawDwarf& dwarf, std::vector<UnitScan>& scans);

// Gives the units that have no language that of those that import them.
void spread_languages(std::vector<UnitScan>& scans);

// Looks at one unit. With `deep` also into function bodies, where C++ and others keep variables and
// member functions that may be exported; only candidates are then reported.
UnitScan scan_unit(const RawDwarf& dwarf, const RawUnit& unit, const Exports& exports, bool deep);

// What the index of definitions calls a type: `kind` is DW_TAG_*, struct, class and interface being
// one; `scope` is the container's key, or kGlobalScope.
inline constexpr std::uint64_t kGlobalScope = 0x51;
std::uint64_t named_type_key(std::uint16_t kind, std::string_view name, std::uint64_t scope);

}  // namespace splitstrip
