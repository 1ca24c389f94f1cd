#include "typedata/scan.h"

#include <algorithm>

#include <dwarf.h>

#include "dwarf/form.h"
#include "dwarf/language.h"
#include "dwarf/ranges.h"
#include "typedata/function.h"
#include "typedata/hash.h"
#include "typedata/keep.h"
#include "typedata/producer.h"

namespace splitstrip {
namespace {

// Deeper than any source nests; what lies deeper is jumped over.
constexpr std::size_t kDeepest = 200;

// What the scan wants to know of a DIE, whatever its tag.
struct Outline {
  std::string_view name, linkage_name;
  bool external = false, declaration = false, typed = false;
  DieRef origin;  // of DW_AT_abstract_origin or DW_AT_specification
  std::uint64_t low_pc = 0;
  bool has_low_pc = false;
  RawValue ranges, location;
  std::uint32_t sibling = 0;
};

class UnitScanner {
 public:
  UnitScanner(const RawDwarf& dwarf, const RawUnit& unit, const Exports& exports, bool deep)
      : dwarf_(dwarf),
        unit_(unit),
        exports_(exports),
        deep_(deep),
        flat_(is_flat_language(unit.language)),
        index_(static_cast<std::uint32_t>(&unit - dwarf.units().data())),
        in_(dwarf.bytes(unit)) {}

  UnitScan run() {
    in_.seek(unit_.first_die);
    const std::uint64_t code = in_.uleb();
    const Abbrev* root = code == 0 ? nullptr : unit_.abbrevs->find(code);
    if (root == nullptr || !root->children) return std::move(scan_);
    scan_.language = unit_.language;
    read_producer(*root);
    // The containers that the cursor is in; kNone stands for those that need no entry.
    std::vector<std::uint32_t> open{Container::kNone};
    while (in_.ok() && !open.empty()) {
      const auto offset = static_cast<std::uint32_t>(in_.offset());
      const std::uint64_t die_code = in_.uleb();
      if (die_code == 0) {
        if (open.back() != Container::kNone &&
            (open.size() < 2 || open.back() != open[open.size() - 2])) {
          scan_.containers[open.back()].end = static_cast<std::uint32_t>(in_.offset());
        }
        open.pop_back();
        continue;
      }
      const Abbrev* abbrev = unit_.abbrevs->find(die_code);
      if (abbrev == nullptr) break;
      const std::uint32_t entered = visit(offset, *abbrev, open.back());
      if (!abbrev->children) continue;
      if (entered != kSkip && open.size() < kDeepest) {
        open.push_back(entered);
      } else if (sibling_ > in_.offset()) {
        in_.seek(sibling_);
      } else {
        skip_children(in_, unit_);
      }
    }
    scan_.typed = typed_;
    scan_.untyped = is_untyped();
    // What a truncated unit leaves open ends with it.
    for (Container& container : scan_.containers) {
      if (container.end == Container::kOpen)
        container.end = static_cast<std::uint32_t>(unit_.end - unit_.begin);
    }
    return std::move(scan_);
  }

 private:
  static constexpr std::uint32_t kSkip = 0xfffffffe;

  void read_producer(const Abbrev& root) {
    const AbbrevAttribute* attributes = unit_.abbrevs->attributes(root);
    for (unsigned i = 0; i < root.count && in_.ok(); ++i) {
      if (attributes[i].name == DW_AT_producer) {
        producer_ = read_form(in_, attributes[i], dwarf_, unit_).string;
      } else {
        skip_attribute(in_, attributes[i], unit_);
      }
    }
    scan_.by_clang = made_by_clang(producer_);
  }

  // Without any type in it a unit may have been made without them, or of functions that have none.
  bool is_untyped() const {
    if (typed_) return false;
    if (const auto level = debug_level(producer_)) return *level < 2;
    // Without types clang does not say what is external, either.
    if (scan_.by_clang) return !external_;
    // In C even `void f(void)` says that it has a prototype.
    return is_c(unit_.language);
  }

  // Takes note of a DIE, leaves the cursor behind its attributes, and says whether to go into its
  // children: the container that they are in, or kSkip.
  std::uint32_t visit(std::uint32_t offset, const Abbrev& abbrev, std::uint32_t container) {
    sibling_ = 0;
    switch (abbrev.tag) {
      case DW_TAG_subprogram:
        note_function(offset, outline(abbrev));
        return deep_ ? container : kSkip;
      case DW_TAG_variable:
      case DW_TAG_member:
        note_variable(offset, outline(abbrev));
        return kSkip;
      case DW_TAG_lexical_block:
      case DW_TAG_inlined_subroutine:
      case DW_TAG_try_block:
      case DW_TAG_catch_block:
      case DW_TAG_with_stmt:
        skip_attributes(in_, abbrev, unit_);
        return deep_ ? container : kSkip;
      case DW_TAG_imported_unit:
        note_import(abbrev);
        return kSkip;
      case DW_TAG_namespace:
      case DW_TAG_module: {
        const Outline found = outline(abbrev);
        return enter(
            offset, container,
            found.name.empty() ? 0 : named_type_key(abbrev.tag, found.name, key(container)),
            abbrev.children);
      }
      case DW_TAG_structure_type:
      case DW_TAG_class_type:
      case DW_TAG_interface_type:
      case DW_TAG_union_type:
      case DW_TAG_enumeration_type: {
        const Outline found = outline(abbrev);
        typed_ = true;
        const std::uint64_t own = type_key(abbrev.tag, found, container);
        if (own != 0 && !deep_) {
          if (found.declaration) {
            scan_.declared.push_back(own);
          } else {
            scan_.defined.push_back({own, offset});
          }
        }
        if (flat_ || abbrev.tag == DW_TAG_enumeration_type) return kSkip;
        return enter(offset, container, own, abbrev.children);
      }
      default:
        typed_ = typed_ || is_type_tag(abbrev.tag);
        if (abbrev.children && abbrev.sibling != Abbrev::kVaries) {
          Bytes at = in_;
          at.skip(abbrev.sibling);
          sibling_ = at.u32();
        }
        skip_attributes(in_, abbrev, unit_);
        return kSkip;
    }
  }

  void note_import(const Abbrev& abbrev) {
    const AbbrevAttribute* attributes = unit_.abbrevs->attributes(abbrev);
    for (unsigned i = 0; i < abbrev.count && in_.ok(); ++i) {
      const RawValue value = read_form(in_, attributes[i], dwarf_, unit_);
      if (attributes[i].name == DW_AT_import && value.die) leans_on(value.die.unit);
    }
  }

  void leans_on(std::uint32_t unit) {
    if (scan_.imports.empty() || scan_.imports.back() != unit) scan_.imports.push_back(unit);
  }

  // A type that is defined outside of its class or namespace leaves its name to the declaration
  // there.
  std::uint64_t type_key(std::uint16_t tag, const Outline& found, std::uint32_t container) const {
    if (!found.name.empty()) return named_type_key(tag, found.name, key(container));
    if (!found.origin || found.origin.unit != index_) return 0;
    const DieNames names = inherited_names(dwarf_, found.origin);
    if (names.name.empty()) return 0;
    return named_type_key(tag, names.name, key(scan_.container_of(found.origin.offset)));
  }

  std::uint32_t enter(std::uint32_t offset, std::uint32_t parent, std::uint64_t own,
                      bool has_children) {
    if (!has_children) return kSkip;
    scan_.containers.push_back({offset, Container::kOpen, parent, own});
    return static_cast<std::uint32_t>(scan_.containers.size() - 1);
  }

  std::uint64_t key(std::uint32_t container) const {
    return container == Container::kNone ? kGlobalScope : scan_.containers[container].key;
  }

  Outline outline(const Abbrev& abbrev) {
    Outline found;
    const AbbrevAttribute* attributes = unit_.abbrevs->attributes(abbrev);
    for (unsigned i = 0; i < abbrev.count && in_.ok(); ++i) {
      const AbbrevAttribute& attribute = attributes[i];
      auto read = [&] { return read_form(in_, attribute, dwarf_, unit_); };
      switch (attribute.name) {
        case DW_AT_name:
          found.name = read().string;
          break;
        case DW_AT_linkage_name:
        case DW_AT_MIPS_linkage_name:
          found.linkage_name = read().string;
          break;
        case DW_AT_external:
          found.external = read().number != 0;
          external_ = external_ || found.external;
          break;
        case DW_AT_declaration:
          found.declaration = read().number != 0;
          break;
        case DW_AT_prototyped:
        case DW_AT_type:
          found.typed = typed_ = true;
          skip_attribute(in_, attribute, unit_);
          break;
        case DW_AT_abstract_origin:
        case DW_AT_specification:
          found.origin = read().die;
          if (found.origin && found.origin.unit != index_) leans_on(found.origin.unit);
          break;
        case DW_AT_low_pc:
        case DW_AT_entry_pc: {
          const RawValue value = read();
          if (value.kind == RawValue::Kind::address) {
            found.low_pc = value.number;
            found.has_low_pc = true;
          }
          break;
        }
        case DW_AT_ranges:
          found.ranges = read();
          break;
        case DW_AT_location:
          found.location = read();
          break;
        case DW_AT_sibling:
          sibling_ = read().die.offset;
          break;
        default:
          skip_attribute(in_, attribute, unit_);
      }
    }
    if (abbrev.children) found.typed = true;
    return found;
  }

  void note(std::uint32_t index, Match match, std::uint32_t offset) {
    scan_.candidates.push_back({index, match, {index_, offset}});
  }

  // In C every name is its own symbol; elsewhere a symbol is the linkage name, where there is one.
  bool is_named(const Outline& found, const Export& entry) const {
    if (!found.linkage_name.empty() && found.linkage_name == entry.name) return true;
    return (flat_ || found.linkage_name.empty()) && found.name == entry.name;
  }

  void note_at(std::uint32_t first, std::uint32_t offset, Outline found) {
    if (first == Exports::kEnd) return;
    if (found.origin) {
      const DieNames names = inherited_names(dwarf_, {index_, offset});
      found.name = names.name;
      found.linkage_name = names.linkage_name;
    }
    for (std::uint32_t i = first; i != Exports::kEnd; i = exports_.next_at(i)) {
      const Export& entry = exports_.all()[i];
      if (entry.kind == Export::Kind::ifunc) {  // its address is the resolver's
        scan_.resolvers.push_back({i, Match::resolver, {index_, offset}});
        if (!is_named(found, entry)) continue;
      }
      if (is_named(found, entry)) {
        note(i, Match::name_and_address, offset);
      } else {
        note(i, Match::address, offset);
      }
    }
  }

  void note_named(std::uint32_t offset, const Outline& found, bool functions) {
    if (!found.external || !found.typed) return;
    const Match match = found.declaration ? Match::declaration : Match::name;
    auto take = [&](std::string_view name) {
      const std::uint32_t first = exports_.named(name);
      if (first == Exports::kEnd) scan_.others.push_back({hash_text(name, 0), offset});
      for (std::uint32_t i = first; i != Exports::kEnd; i = exports_.next_named(i)) {
        if (exports_.all()[i].is_function() == functions) note(i, match, offset);
      }
    };
    if (!found.linkage_name.empty()) take(found.linkage_name);
    if (!found.name.empty() && (flat_ || found.linkage_name.empty())) take(found.name);
  }

  void note_function(std::uint32_t offset, const Outline& found) {
    if (found.has_low_pc) note_at(exports_.function_at(found.low_pc), offset, found);
    if (found.ranges.kind != RawValue::Kind::none) {
      for (const AddressRange& range : address_ranges(dwarf_, unit_, found.ranges)) {
        if (range.begin != found.low_pc || !found.has_low_pc) {
          note_at(exports_.function_at(range.begin), offset, found);
        }
      }
    }
    if (deep_) return;
    note_named(offset, found, true);
    if (found.origin && !found.has_low_pc && found.ranges.kind == RawValue::Kind::none)
      scan_.codeless.push_back({found.origin, offset});
  }

  void note_variable(std::uint32_t offset, const Outline& found) {
    if (found.location.kind == RawValue::Kind::block) {
      const StaticLocation place = static_location(dwarf_, unit_, found.location.block);
      if (place.kind == StaticLocation::Kind::address) {
        note_at(exports_.object_at(place.value), offset, found);
      } else if (place.kind == StaticLocation::Kind::tls) {
        note_at(exports_.tls_at(place.value), offset, found);
      }
    }
    if (!deep_) note_named(offset, found, false);
  }

  const RawDwarf& dwarf_;
  const RawUnit& unit_;
  const Exports& exports_;
  const bool deep_;
  const bool flat_;
  const std::uint32_t index_;
  Bytes in_;
  UnitScan scan_;
  std::string_view producer_;
  bool typed_ = false;         // some DIE is a type, or has one
  bool external_ = false;      // some DIE is
  std::uint32_t sibling_ = 0;  // of the DIE visited last, or 0
};

}  // namespace

bool is_flat_language(std::uint16_t language) {
  return is_c(language) || language == DW_LANG_ObjC || language == DW_LANG_UPC ||
         language == DW_LANG_Mips_Assembler;
}

void drop_untyped(const RawDwarf& dwarf, std::vector<UnitScan>& scans) {
  for (UnitScan& scan : scans) {
    // dwz has moved types to units that this one imports; a unit of -flto has all of its own there.
    scan.untyped = scan.untyped && std::ranges::none_of(scan.imports, [&](std::uint32_t import) {
                     return import < scans.size() && scans[import].typed;
                   });
    if (!scan.untyped) continue;
    scan.candidates.clear();
    scan.resolvers.clear();
    scan.others.clear();
    scan.codeless.clear();
  }
  // Made with types at the link alone, a unit of -flto does not know what the function returns.
  for (UnitScan& scan : scans) {
    const bool leans = std::ranges::any_of(scan.imports, [&](std::uint32_t import) {
      return import < scans.size() && scans[import].untyped;
    });
    if (!leans) continue;
    std::erase_if(scan.candidates, [&](const Candidate& candidate) {
      return scans[origin_chain(dwarf, candidate.die).back().unit].untyped;
    });
  }
}

void spread_languages(std::vector<UnitScan>& scans) {
  std::vector<std::uint32_t> pending;
  for (std::uint32_t i = 0; i < scans.size(); ++i) {
    if (scans[i].language != 0) pending.push_back(i);
  }
  // The first unit's say first: what follows it comes after.
  for (std::size_t at = 0; at < pending.size(); ++at) {
    const std::uint16_t language = scans[pending[at]].language;
    for (const std::uint32_t import : scans[pending[at]].imports) {
      if (import >= scans.size() || scans[import].language != 0) continue;
      scans[import].language = language;
      pending.push_back(import);
    }
  }
}

std::uint64_t named_type_key(std::uint16_t kind, std::string_view name, std::uint64_t scope) {
  if (scope == 0) return 0;
  if (kind == DW_TAG_class_type || kind == DW_TAG_interface_type) kind = DW_TAG_structure_type;
  const std::uint64_t key = hash_text(name, mix(scope, kind));
  return key == 0 ? 1 : key;
}

std::uint32_t UnitScan::container_of(std::uint32_t offset) const {
  auto after = std::upper_bound(
      containers.begin(), containers.end(), offset,
      [](std::uint32_t value, const Container& container) { return value <= container.begin; });
  if (after == containers.begin()) return Container::kNone;
  auto index = static_cast<std::uint32_t>(after - containers.begin() - 1);
  while (index != Container::kNone && containers[index].end <= offset) {
    index = containers[index].parent;
  }
  return index;
}

UnitScan scan_unit(const RawDwarf& dwarf, const RawUnit& unit, const Exports& exports, bool deep) {
  // Assemblers describe functions too, but only where they lie.
  // Skeletons may repeat functions for backtraces, without their types.
  if (unit.abbrevs == nullptr || unit.skeleton || unit.language == DW_LANG_Mips_Assembler)
    return {};
  return UnitScanner(dwarf, unit, exports, deep).run();
}

}  // namespace splitstrip
