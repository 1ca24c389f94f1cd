#include "recipe/fault/dwarf_draft.h"

#include <algorithm>
#include <set>

#include "facts/error.h"
#include "recipe/fault/number.h"

namespace splitstrip {
namespace {

constexpr unsigned deepest = 64;  // of DIEs within one another; more is damage

void append_uleb(std::vector<std::byte>& to, std::uint64_t value) {
  do {
    const std::uint64_t low = value & 0x7f;
    value >>= 7;
    to.push_back(static_cast<std::byte>(low | (value != 0 ? 0x80 : 0)));
  } while (value != 0);
}

void append_sleb(std::vector<std::byte>& to, std::int64_t value) {
  for (;;) {
    const auto low = static_cast<unsigned>(value & 0x7f);
    value >>= 7;
    const bool done = (value == 0 && (low & 0x40) == 0) || (value == -1 && (low & 0x40) != 0);
    to.push_back(static_cast<std::byte>(low | (done ? 0 : 0x80)));
    if (done) return;
  }
}

std::optional<Dwarf_Attribute> attribute_of(const Die& die, unsigned name) {
  Dwarf_Die raw = die.raw();
  Dwarf_Attribute attribute{};
  if (dwarf_attr(&raw, name, &attribute) == nullptr) return std::nullopt;
  return attribute;
}

// The unit's header before its abbreviation table's offset, in bytes, and the size of that.
struct HeaderShape {
  std::size_t at;
  std::size_t size;
};
HeaderShape header_shape(std::span<const std::byte> header, bool big_endian) {
  const bool wide = get_number(header.first(4), big_endian) == 0xffffffff;
  const std::size_t version_at = wide ? 12 : 4;
  const auto version = get_number(header.subspan(version_at, 2), big_endian);
  return {version_at + (version >= 5 ? 4 : 2), wide ? 8U : 4U};
}

// One table in .debug_abbrev, to its last abbreviation, and the codes in it.
struct Table {
  std::span<const std::byte> entries;
  std::set<std::uint64_t> codes;
};

std::optional<Table> read_table(std::span<const std::byte> from) {
  Table table;
  std::size_t at = 0;
  const auto uleb = [&]() -> std::optional<std::uint64_t> {
    const std::size_t size = leb_size(from.subspan(std::min(at, from.size())));
    if (size == 0) return std::nullopt;
    const std::uint64_t value = get_uleb(from.subspan(at, size));
    at += size;
    return value;
  };
  for (;;) {
    const std::size_t begin = at;
    const auto code = uleb();
    if (!code) return std::nullopt;
    if (*code == 0) {
      table.entries = from.first(begin);
      return table;
    }
    table.codes.insert(*code);
    if (!uleb() || ++at > from.size()) return std::nullopt;
    for (;;) {
      const auto name = uleb();
      const auto form = uleb();
      if (!name || !form || (*form == DW_FORM_implicit_const && !uleb())) return std::nullopt;
      if (*name == 0 && *form == 0) break;
    }
  }
}

}  // namespace

DwarfDraft::DwarfDraft(const ElfFile& elf, std::vector<std::byte>& info,
                       std::vector<std::byte>& abbrev)
    : read_(ElfFile::from_memory({elf.bytes().begin(), elf.bytes().end()}, elf.path())),
      info_(info),
      abbrev_(abbrev),
      big_endian_(elf.big_endian()) {}

void DwarfDraft::no_place(std::string_view what) const {
  throw Error::of("{}: has no {} to plant this fault in; name another library",
                  read_.elf().path().filename().string(), what);
}

std::vector<Die> DwarfDraft::units() const {
  std::vector<Die> dies;
  for (const Unit& unit : read_.units()) {
    // Before DWARF 5 those lie in another section.
    const bool elsewhere = unit.version() < 5 && unit.type() == DW_UT_type;
    if (!elsewhere) dies.push_back(unit.die());
  }
  return dies;
}

std::optional<Die> DwarfDraft::search(const Die& parent, const Suits& suits, unsigned depth) const {
  if (depth > deepest) return std::nullopt;
  for (const Die& die : parent.children()) {
    if (suits(die, parent)) return die;
    if (auto found = search(die, suits, depth + 1)) return found;
  }
  return std::nullopt;
}

std::optional<Die> DwarfDraft::first(const Suits& suits) const {
  for (const Die& unit : units())
    if (auto found = search(unit, suits, 0)) return found;
  return std::nullopt;
}

Die DwarfDraft::need(std::string_view what, const Suits& suits) const {
  if (auto found = first(suits)) return *found;
  no_place(what);
}

std::uint64_t DwarfDraft::unit_begin(const Die& die) const {
  Dwarf_Die raw = die.raw();
  return dwarf_dieoffset(&raw) - dwarf_cuoffset(&raw);
}

std::uint64_t DwarfDraft::unit_end(const Die& die) const {
  const std::uint64_t begin = unit_begin(die);
  if (begin + 12 > info_.size()) no_place("whole unit");
  const std::span header = std::span(info_).subspan(begin);
  const std::uint64_t length = get_number(header.first(4), big_endian_);
  const std::uint64_t end = length == 0xffffffff
                                ? begin + 12 + get_number(header.subspan(4, 8), big_endian_)
                                : begin + 4 + length;
  if (end > info_.size() || end < begin) no_place("whole unit");
  return end;
}

std::span<std::byte> DwarfDraft::place(const Die& die, unsigned name) const {
  const auto attribute = attribute_of(die, name);
  if (!attribute) return {};
  // libdw reads a copy of these same bytes.
  const auto* base = static_cast<const unsigned char*>(die.raw().addr) - die.offset();
  const auto at = static_cast<std::size_t>(attribute->valp - base);
  if (at >= info_.size()) return {};
  const std::span rest = std::span(info_).subspan(at);
  Dwarf_Attribute raw = *attribute;
  Dwarf_Block block{};
  Dwarf_Die unit{};
  std::uint8_t address_size = 0, offset_size = 0;
  Dwarf_Die of = die.raw();
  dwarf_cu_die(of.cu, &unit, nullptr, nullptr, &address_size, &offset_size, nullptr, nullptr);
  std::size_t size = 0;
  switch (dwarf_whatform(&raw)) {
    case DW_FORM_data1:
    case DW_FORM_ref1:
    case DW_FORM_flag:
    case DW_FORM_strx1:
    case DW_FORM_addrx1:
      size = 1;
      break;
    case DW_FORM_data2:
    case DW_FORM_ref2:
    case DW_FORM_strx2:
    case DW_FORM_addrx2:
      size = 2;
      break;
    case DW_FORM_data4:
    case DW_FORM_ref4:
      size = 4;
      break;
    case DW_FORM_data8:
    case DW_FORM_ref8:
      size = 8;
      break;
    case DW_FORM_addr:
      size = address_size;
      break;
    case DW_FORM_strp:
    case DW_FORM_line_strp:
    case DW_FORM_sec_offset:
    case DW_FORM_ref_addr:
      size = offset_size;
      break;
    case DW_FORM_udata:
    case DW_FORM_sdata:
    case DW_FORM_ref_udata:
    case DW_FORM_loclistx:
    case DW_FORM_rnglistx:
    case DW_FORM_strx:
    case DW_FORM_addrx:
      size = leb_size(rest);
      break;
    case DW_FORM_string:
      size = static_cast<std::size_t>(std::ranges::find(rest, std::byte{0}) - rest.begin());
      break;
    case DW_FORM_exprloc:
    case DW_FORM_block:
    case DW_FORM_block1:
    case DW_FORM_block2:
    case DW_FORM_block4: {
      if (dwarf_formblock(&raw, &block) != 0) return {};
      const auto from = static_cast<std::size_t>(block.data - base);
      if (from > info_.size() || block.length > info_.size() - from) return {};
      return std::span(info_).subspan(from, block.length);
    }
    default:
      return {};
  }
  return size <= rest.size() ? rest.first(size) : std::span<std::byte>();
}

std::span<std::byte> DwarfDraft::block(const Die& die, unsigned attribute) {
  switch (die.form(attribute).value_or(0)) {
    case DW_FORM_exprloc:
    case DW_FORM_block:
    case DW_FORM_block1:
    case DW_FORM_block2:
    case DW_FORM_block4:
      return place(die, attribute);
    default:
      return {};
  }
}

std::optional<std::uint64_t> DwarfDraft::number(const Die& die, unsigned name) const {
  const std::span<std::byte> bytes = place(die, name);
  switch (die.form(name).value_or(0)) {
    case 0:
    case DW_FORM_string:
    case DW_FORM_exprloc:
    case DW_FORM_block:
    case DW_FORM_block1:
    case DW_FORM_block2:
    case DW_FORM_block4:
      return std::nullopt;
    case DW_FORM_ref1:
    case DW_FORM_ref2:
    case DW_FORM_ref4:
    case DW_FORM_ref8:
    case DW_FORM_ref_udata:
    case DW_FORM_ref_addr:
      if (const auto target = die.reference(name)) return target->offset();
      return std::nullopt;
    case DW_FORM_loclistx:
    case DW_FORM_rnglistx:
    case DW_FORM_strx:
    case DW_FORM_addrx:
      return get_uleb(bytes);
    case DW_FORM_addr:
    case DW_FORM_strp:
    case DW_FORM_line_strp:
    case DW_FORM_sec_offset:
      return get_number(bytes, big_endian_);
    default:
      return die.unsigned_value(name);
  }
}

void DwarfDraft::set(const Die& die, unsigned name, std::uint64_t value) {
  const unsigned form = die.form(name).value_or(0);
  if (form == DW_FORM_implicit_const) {
    for (Attribute& attribute : own(die).attributes)
      if (attribute.name == name) attribute.implicit = static_cast<std::int64_t>(value);
    return;
  }
  const std::span<std::byte> bytes = place(die, name);
  bool fits = !bytes.empty();
  switch (form) {
    case DW_FORM_udata:
    case DW_FORM_ref_udata:
    case DW_FORM_loclistx:
    case DW_FORM_rnglistx:
    case DW_FORM_strx:
    case DW_FORM_addrx:
      fits = fits && put_uleb(bytes, value);
      break;
    case DW_FORM_sdata:  // padded, its highest bit clear: not negative
      fits = fits && value >> (7 * bytes.size() - 1) == 0 && put_uleb(bytes, value);
      break;
    default:
      fits = fits && bytes.size() <= 8 && (bytes.size() == 8 || value >> (8 * bytes.size()) == 0);
      if (fits) put_number(bytes, value, big_endian_);
  }
  if (!fits) no_place("field with room for another value");
}

void DwarfDraft::refer(const Die& die, unsigned name, const Die& target) {
  if (die.form(name) == DW_FORM_ref_addr) return set(die, name, target.offset());
  if (unit_begin(die) != unit_begin(target)) no_place("reference that reaches the other DIE");
  set(die, name, target.offset() - unit_begin(die));
}

void DwarfDraft::rename(const Die& die, unsigned name) {
  const std::span<std::byte> bytes = place(die, name);
  switch (die.form(name).value_or(0)) {
    case DW_FORM_string:
      if (bytes.empty()) no_place("name");
      bytes.back() = bytes.back() == std::byte{'x'} ? std::byte{'y'} : std::byte{'x'};
      return;
    case DW_FORM_strp:
    case DW_FORM_line_strp:  // the same string from its second letter on
      if (die.string(name).value_or("").size() < 2) no_place("name of two letters");
      return set(die, name, get_number(bytes, big_endian_) + 1);
    default:
      no_place("name");
  }
}

DwarfDraft::Abbreviation& DwarfDraft::own(const Die& die) {
  const auto [at, added] = own_.try_emplace(die.offset());
  Abbreviation& made = at->second;
  if (!added) return made;
  unit_of_[die.offset()] = unit_begin(die);
  Dwarf_Die raw = die.raw();
  made.tag = static_cast<unsigned>(dwarf_tag(&raw));
  Dwarf_Abbrev* abbreviation = raw.abbrev;
  made.children = dwarf_abbrevhaschildren(abbreviation) > 0;
  std::size_t count = 0;
  dwarf_getattrcnt(abbreviation, &count);
  for (std::size_t i = 0; i < count; ++i) {
    unsigned name = 0, form = 0;
    Dwarf_Sword implicit = 0;
    if (dwarf_getabbrevattr_data(abbreviation, i, &name, &form, &implicit, nullptr) != 0) break;
    made.attributes.push_back({name, form, implicit});
  }
  return made;
}

void DwarfDraft::retag(const Die& die, unsigned tag) {
  own(die).tag = tag;
}

void DwarfDraft::lose(const Die& die) {
  retag(die, unknown_tag);
}

void DwarfDraft::lose(const Die& die, unsigned name) {
  bool found = false;
  for (Attribute& attribute : own(die).attributes) {
    if (attribute.name != name) continue;
    attribute.name = unknown_attribute;
    found = true;
  }
  if (!found) no_place("such field");
}

// The unit gets a copy of its table, with what its DIEs need, at the end of the section: other
// units may share the old one.
void DwarfDraft::number_abbreviations(std::uint64_t unit, const std::vector<std::uint64_t>& dies) {
  constexpr std::size_t longest_header = 24;
  if (unit + longest_header > info_.size()) no_place("whole unit");
  const std::span header = std::span(info_).subspan(unit);
  const HeaderShape shape = header_shape(header, big_endian_);
  const std::span<std::byte> offset = header.subspan(shape.at, shape.size);
  const std::uint64_t old = get_number(offset, big_endian_);
  const auto table =
      old <= abbrev_.size() ? read_table(std::span(abbrev_).subspan(old)) : std::optional<Table>();
  if (!table) no_place("table of abbreviations that can be read");

  std::vector<std::byte> made(table->entries.begin(), table->entries.end());
  std::set<std::uint64_t> used = table->codes;
  for (const std::uint64_t die : dies) {
    const std::span rest = std::span(info_).subspan(die);
    const std::span<std::byte> code_bytes = rest.first(leb_size(rest));
    std::uint64_t code = code_bytes.size() == 1 ? 1 : 0x80;
    while (used.contains(code)) ++code;
    if (!put_uleb(code_bytes, code)) no_place("room for one more abbreviation");
    used.insert(code);
    const Abbreviation& own = own_.at(die);
    append_uleb(made, code);
    append_uleb(made, own.tag);
    made.push_back(static_cast<std::byte>(own.children ? 1 : 0));
    for (const Attribute& attribute : own.attributes) {
      append_uleb(made, attribute.name);
      append_uleb(made, attribute.form);
      if (attribute.form == DW_FORM_implicit_const) append_sleb(made, attribute.implicit);
    }
    made.insert(made.end(), 2, std::byte{0});
  }
  made.push_back(std::byte{0});
  put_number(offset, abbrev_.size(), big_endian_);
  abbrev_.insert(abbrev_.end(), made.begin(), made.end());
}

void DwarfDraft::finish() {
  std::map<std::uint64_t, std::vector<std::uint64_t>> dies;
  for (const auto& [die, unit] : unit_of_) dies[unit].push_back(die);
  for (const auto& [unit, of_unit] : dies) number_abbreviations(unit, of_unit);
  own_.clear();
  unit_of_.clear();
}

}  // namespace splitstrip
