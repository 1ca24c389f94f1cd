#include "subject/break_places.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string_view>

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fmt/format.h>

#include "elf/symbols.h"
#include "facts/error.h"

namespace splitstrip {
namespace {

struct EndDwarf {
  void operator()(Dwarf* dwarf) const { dwarf_end(dwarf); }
};
using OwnedDwarf = std::unique_ptr<Dwarf, EndDwarf>;

std::string_view name_of(Dwarf_Die& die) {
  const char* name = dwarf_diename(&die);
  return name == nullptr ? std::string_view() : std::string_view(name);
}

// A base type that can stand in for another one.
struct BaseType {
  Dwarf_Off offset;  // in the .debug_info of its file
  Dwarf_Word size;
  Dwarf_Word encoding;
  std::string name;
};

std::optional<BaseType> base_type(Dwarf_Die& die) {
  if (dwarf_tag(&die) != DW_TAG_base_type) return std::nullopt;
  Dwarf_Attribute attribute{};
  Dwarf_Word size = 0;
  Dwarf_Word encoding = 0;
  if (dwarf_formudata(dwarf_attr(&die, DW_AT_byte_size, &attribute), &size) != 0 || size == 0 ||
      dwarf_formudata(dwarf_attr(&die, DW_AT_encoding, &attribute), &encoding) != 0 ||
      name_of(die).empty())
    return std::nullopt;
  return BaseType{dwarf_dieoffset(&die), size, encoding, std::string(name_of(die))};
}

std::vector<BaseType> base_types_of_unit(Dwarf_Die unit) {
  std::vector<BaseType> types;
  Dwarf_Die child{};
  if (dwarf_child(&unit, &child) != 0) return types;
  do {
    if (auto type = base_type(child)) types.push_back(std::move(*type));
  } while (dwarf_siblingof(&child, &child) == 0);
  return types;
}

std::vector<BaseType> base_types_of_file(Dwarf* dwarf) {
  std::vector<BaseType> types;
  Dwarf_CU* cu = nullptr;
  Dwarf_Die unit{};
  while (dwarf != nullptr && dwarf_get_units(dwarf, cu, &cu, nullptr, nullptr, &unit, nullptr) == 0)
    for (BaseType& type : base_types_of_unit(unit)) types.push_back(std::move(type));
  return types;
}

class Search {
 public:
  Search(const ElfFile& elf, const std::filesystem::path& alt_file) : elf_(elf) {
    dwarf_.reset(dwarf_begin_elf(elf.handle(), DWARF_C_READ, nullptr));
    if (!dwarf_)
      throw Error::of("{}: its DWARF cannot be read: {}; build it again", elf.path().string(),
                      dwarf_errmsg(-1));
    if (!alt_file.empty()) {
      alt_elf_ = ElfFile::open(alt_file);
      alt_.reset(dwarf_begin_elf(alt_elf_->handle(), DWARF_C_READ, nullptr));
      dwarf_setalt(dwarf_.get(), alt_.get());
    }
    for (const Symbol& symbol : exported_symbols(elf))
      if (symbol.function()) exported_.emplace(symbol.value, symbol.name);
    // Where libdw reads it, to tell offsets from the addresses that it hands out.
    const Section* info = elf.section(".debug_info");
    const ::Elf_Data* data =
        info == nullptr ? nullptr : elf_rawdata(elf_getscn(elf.handle(), info->index), nullptr);
    if (data != nullptr) info_ = {static_cast<const std::byte*>(data->d_buf), data->d_size};
  }
  ~Search() {
    // libdw ends an alternate file that it opened itself, not one that it was given.
    dwarf_.reset();
  }
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;

  BreakPlaces run() {
    Dwarf_CU* cu = nullptr;
    Dwarf_Die unit{};
    while (!done() &&
           dwarf_get_units(dwarf_.get(), cu, &cu, nullptr, nullptr, &unit, nullptr) == 0) {
      unit_types_ = base_types_of_unit(unit);
      unit_begin_ = unit_offset(unit);
      look_through(unit, 0);
    }
    return std::move(places_);
  }

 private:
  static constexpr int deepest = 16;  // of namespaces and of type chains; more is damage

  bool done() const { return places_.signature && places_.member; }

  static Dwarf_Off unit_offset(Dwarf_Die& unit) {
    return dwarf_dieoffset(&unit) - dwarf_cuoffset(&unit);
  }

  // Namespaces are gone into; functions within functions are not exported.
  void look_through(Dwarf_Die& parent, int depth) {
    Dwarf_Die child{};
    if (depth > deepest || dwarf_child(&parent, &child) != 0) return;
    do {
      if (done()) return;
      const int tag = dwarf_tag(&child);
      if (tag == DW_TAG_namespace) look_through(child, depth + 1);
      if (tag == DW_TAG_subprogram) look_at_function(child);
    } while (dwarf_siblingof(&child, &child) == 0);
  }

  // Its own name must be one that it is exported under: what a checker says of a function that is
  // known by aliases only is harder to foresee.
  std::string exported_name(Dwarf_Die& function) {
    Dwarf_Addr address = 0;
    if (dwarf_entrypc(&function, &address) != 0) return {};
    Dwarf_Attribute attribute{};
    for (const unsigned kind : {DW_AT_linkage_name, DW_AT_MIPS_linkage_name, DW_AT_name}) {
      const char* name = dwarf_formstring(dwarf_attr_integrate(&function, kind, &attribute));
      if (name != nullptr && exported_.contains({address, name}))
        return std::string(name_of(function));
    }
    return {};
  }

  void look_at_function(Dwarf_Die& function) {
    const std::string name = exported_name(function);
    if (name.empty()) return;
    int number = 0;
    Dwarf_Die child{};
    if (dwarf_child(&function, &child) == 0) {
      do {
        if (dwarf_tag(&child) != DW_TAG_formal_parameter ||
            dwarf_hasattr_integrate(&child, DW_AT_artificial) != 0)
          continue;
        ++number;
        if (!places_.signature)
          places_.signature = exchange(child, fmt::format("parameter {} of {}", number, name));
        if (!places_.member) look_behind_pointer(child, name);
      } while (!done() && dwarf_siblingof(&child, &child) == 0);
    }
    if (!places_.signature)
      places_.signature = exchange(function, fmt::format("return value of {}", name));
  }

  static bool type_of(Dwarf_Die& die, Dwarf_Die& type) {
    Dwarf_Attribute attribute{};
    return dwarf_formref_die(dwarf_attr_integrate(&die, DW_AT_type, &attribute), &type) != nullptr;
  }

  // The type without names and qualifiers.
  static bool peel(Dwarf_Die& die, Dwarf_Die& type) {
    if (!type_of(die, type)) return false;
    for (int depth = 0; depth < deepest; ++depth) {
      const int tag = dwarf_tag(&type);
      if (tag != DW_TAG_typedef && tag != DW_TAG_const_type && tag != DW_TAG_volatile_type &&
          tag != DW_TAG_restrict_type)
        return true;
      Dwarf_Die inner{};
      if (!type_of(type, inner)) return false;
      type = inner;
    }
    return false;
  }

  void look_behind_pointer(Dwarf_Die& parameter, const std::string& function) {
    Dwarf_Die pointer{};
    Dwarf_Die structure{};
    if (peel(parameter, pointer) && dwarf_tag(&pointer) == DW_TAG_pointer_type &&
        peel(pointer, structure))
      look_into(structure, function, 0);
  }

  // Its own members first, then those of structures that it holds or points to.
  void look_into(Dwarf_Die& structure, const std::string& function, int depth) {
    constexpr int deepest_member = 3;
    if (depth > deepest_member || dwarf_tag(&structure) != DW_TAG_structure_type ||
        dwarf_hasattr(&structure, DW_AT_declaration) != 0 || name_of(structure).empty() ||
        name_of(structure).starts_with("__") || !looked_into_.insert(structure.addr).second)
      return;
    Dwarf_Die member{};
    if (dwarf_child(&structure, &member) != 0) return;
    const Dwarf_Die first = member;
    do {
      // Of a bit-field only the declared type would change.
      if (dwarf_tag(&member) != DW_TAG_member || dwarf_hasattr(&member, DW_AT_bit_size) != 0 ||
          name_of(member).empty())
        continue;
      places_.member = exchange(member, fmt::format("member {} of struct {}, reached by {}",
                                                    name_of(member), name_of(structure), function));
    } while (!places_.member && dwarf_siblingof(&member, &member) == 0);
    if (places_.member) return;
    member = first;
    do {
      Dwarf_Die type{};
      Dwarf_Die target{};
      if (dwarf_tag(&member) != DW_TAG_member || !peel(member, type)) continue;
      if (dwarf_tag(&type) == DW_TAG_pointer_type && peel(type, target)) type = target;
      look_into(type, function, depth + 1);
    } while (!places_.member && dwarf_siblingof(&member, &member) == 0);
  }

  // Another type for the DW_AT_type that `die` itself or its abstract origin has.
  std::optional<BreakPlace> exchange(Dwarf_Die& die, const std::string& where) {
    Dwarf_Attribute attribute{};
    Dwarf_Die old_die{};
    if (dwarf_attr_integrate(&die, DW_AT_type, &attribute) == nullptr ||
        dwarf_formref_die(&attribute, &old_die) == nullptr)
      return std::nullopt;
    const auto old = base_type(old_die);
    if (!old) return std::nullopt;
    const std::vector<BaseType>* types = nullptr;
    std::vector<BaseType> of_this_unit;
    Dwarf_Off begin = 0;  // what the reference counts from
    std::size_t size = 0;
    switch (dwarf_whatform(&attribute)) {
      case DW_FORM_ref1:
      case DW_FORM_ref2:
      case DW_FORM_ref4:
      case DW_FORM_ref8: {
        // The attribute may belong to an abstract origin in another unit; the old type is in the
        // unit of the attribute, as such references do not leave theirs.
        Dwarf_Die unit{};
        if (dwarf_diecu(&old_die, &unit, nullptr, nullptr) == nullptr) return std::nullopt;
        begin = unit_offset(unit);
        if (begin == unit_begin_) {
          types = &unit_types_;
        } else {
          of_this_unit = base_types_of_unit(unit);
          types = &of_this_unit;
        }
        const unsigned form = dwarf_whatform(&attribute);
        size = form == DW_FORM_ref1 ? 1 : form == DW_FORM_ref2 ? 2 : form == DW_FORM_ref4 ? 4 : 8;
        break;
      }
      case DW_FORM_ref_addr:
        types = &of_file(dwarf_.get(), file_types_);
        size = reference_size(die);
        break;
      case DW_FORM_GNU_ref_alt:
      case DW_FORM_ref_sup4:
      case DW_FORM_ref_sup8:
        types = &of_file(alt_.get(), alt_types_);
        size = dwarf_whatform(&attribute) == DW_FORM_ref_sup4   ? 4
               : dwarf_whatform(&attribute) == DW_FORM_ref_sup8 ? 8
                                                                : reference_size(die);
        break;
      default:
        return std::nullopt;  // of variable length, or by signature
    }
    const BaseType* other = choose(*types, *old);
    if (other == nullptr) return std::nullopt;
    return place(attribute, other->offset - begin, size,
                 fmt::format("{}: {} -> {}", where, old->name, other->name));
  }

  static const std::vector<BaseType>& of_file(Dwarf* dwarf,
                                              std::optional<std::vector<BaseType>>& known) {
    if (!known) known = base_types_of_file(dwarf);
    return *known;
  }

  // Another size; the same kind of number if there is one.
  static const BaseType* choose(const std::vector<BaseType>& types, const BaseType& old) {
    const BaseType* any = nullptr;
    for (const BaseType& type : types) {
      if (type.size == old.size) continue;
      if (type.encoding == old.encoding) return &type;
      if (any == nullptr) any = &type;
    }
    return any;
  }

  // Of DW_FORM_ref_addr and DW_FORM_GNU_ref_alt: an offset, but an address in DWARF 2.
  static std::size_t reference_size(Dwarf_Die& die) {
    Dwarf_Die unit{};
    std::uint8_t address = 0;
    std::uint8_t offset = 0;
    Dwarf_Half version = 0;
    if (dwarf_cu_die(die.cu, &unit, &version, nullptr, &address, &offset, nullptr, nullptr) ==
        nullptr)
      return 0;
    return version <= 2 ? address : offset;
  }

  std::optional<BreakPlace> place(const Dwarf_Attribute& attribute, Dwarf_Off value,
                                  std::size_t size, std::string what) const {
    const auto* at = reinterpret_cast<const std::byte*>(attribute.valp);
    // An attribute in dwz's common file is not one that this file could change.
    if (std::less<>()(at, info_.data()) || !std::less<>()(at, info_.data() + info_.size()))
      return std::nullopt;
    const auto offset = static_cast<std::size_t>(at - info_.data());
    if (size == 0 || size > info_.size() - offset || (size < 8 && value >> (8 * size) != 0))
      return std::nullopt;
    BreakPlace result{offset, std::vector<std::byte>(size), std::move(what)};
    for (std::size_t i = 0; i < size; ++i)
      result.bytes[elf_.big_endian() ? size - 1 - i : i] =
          static_cast<std::byte>(value >> (8 * i) & 0xff);
    return result;
  }

  const ElfFile& elf_;
  std::optional<ElfFile> alt_elf_;
  OwnedDwarf alt_;
  OwnedDwarf dwarf_;
  std::span<const std::byte> info_;
  std::set<std::pair<std::uint64_t, std::string_view>> exported_;
  std::vector<BaseType> unit_types_;
  Dwarf_Off unit_begin_ = 0;
  std::optional<std::vector<BaseType>> file_types_;
  std::optional<std::vector<BaseType>> alt_types_;
  std::set<const void*> looked_into_;  // structures, each once
  BreakPlaces places_;
};

}  // namespace

BreakPlaces find_break_places(const ElfFile& elf, const std::filesystem::path& alt_file) {
  return Search(elf, alt_file).run();
}

}  // namespace splitstrip
