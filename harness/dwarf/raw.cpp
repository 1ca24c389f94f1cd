#include "dwarf/raw.h"

#include <algorithm>
#include <array>

#include <dwarf.h>

#include "dwarf/form.h"
#include "dwarf/language.h"
#include "dwarf/parallel.h"
#include "dwarf/section_bytes.h"

namespace splitstrip {
namespace {

bool read_header(Bytes in, bool types, RawUnit& unit, std::uint64_t& abbrev_offset) {
  const std::uint64_t start = in.offset();
  std::uint64_t length = in.u32();
  unit.sizes.offset = 4;
  if (length == 0xffffffff) {
    unit.sizes.offset = 8;
    length = in.u64();
  } else if (length >= 0xfffffff0) {
    return false;
  }
  if (!in.ok() || length > in.left()) return false;
  unit.begin = start;
  unit.end = in.offset() + length;
  if (unit.end - unit.begin > 0xffffffff) return false;  // DieRef keeps 32 bits
  unit.version = in.u16();
  if (unit.version < 2 || unit.version > 5) return true;  // its length is known: it can be skipped
  unit.sizes.version_2 = unit.version == 2;
  if (unit.version == 5) {
    unit.type = in.u8();
    unit.sizes.address = in.u8();
    abbrev_offset = in.sized(unit.sizes.offset);
  } else {
    unit.type = types ? DW_UT_type : DW_UT_compile;
    abbrev_offset = in.sized(unit.sizes.offset);
    unit.sizes.address = in.u8();
  }
  if (unit.type == DW_UT_type || unit.type == DW_UT_split_type) {
    unit.signature = in.u64();
    unit.type_die = in.sized(unit.sizes.offset);
  } else if (unit.type == DW_UT_skeleton || unit.type == DW_UT_split_compile) {
    unit.dwo_id = in.u64();
  }
  if (in.ok() && in.offset() <= unit.end) {
    unit.first_die = static_cast<std::uint32_t>(in.offset() - start);
  }
  return true;
}

}  // namespace

RawDwarf::RawDwarf(const ElfFile& elf, const ElfFile* alt, unsigned threads,
                   const SplitFiles* split)
    : machine_(elf.header().e_machine) {
  add_spaces(add_file(elf, threads));
  read_tables(threads);
  add_locations(elf, 0);
  if (split != nullptr && !skeletons_.empty()) add_split(*split, threads);
  own_units_ = units_.size();
  if (alt != nullptr) {
    alt_file_ = add_file(*alt, threads);
    alt_space_ = static_cast<std::uint32_t>(spaces_.size());
    add_space(alt_file_, files_[alt_file_].info, false, alt_space_);
    read_tables(threads);
  }
  for (std::size_t i = 0; i < units_.size(); ++i) {
    const RawUnit& unit = units_[i];
    if ((unit.type == DW_UT_type || unit.type == DW_UT_split_type) && unit.abbrevs != nullptr) {
      type_units_.try_emplace(unit.signature, static_cast<std::uint32_t>(i));
    }
  }
}

std::uint32_t RawDwarf::add_file(const ElfFile& elf, unsigned threads, std::string_view suffix) {
  const auto number = static_cast<std::uint32_t>(files_.size());
  RawFile& file = files_.emplace_back();
  file.big_endian = elf.big_endian();
  file.abbrev_file = number;
  // The largest first: the others are expanded beside it.
  const std::array<std::pair<std::string_view, ByteSpan*>, 9> wanted{
      {{".debug_info", &file.info},
       {".debug_types", &file.types},
       {".debug_rnglists", &file.rnglists},
       {".debug_abbrev", &file.abbrev},
       {".debug_str", &file.str},
       {".debug_ranges", &file.ranges},
       {".debug_line_str", &file.line_str},
       {".debug_str_offsets", &file.str_offsets},
       {".debug_addr", &file.addr}}};
  file.held.resize(wanted.size());
  parallel_for(threads, wanted.size(), 1, [&](std::size_t index, unsigned) {
    const auto& [name, content] = wanted[index];
    *content = expanded_section(elf, std::string(name).append(suffix), file.held[index]);
  });
  return number;
}

void RawDwarf::add_locations(const ElfFile& elf, std::uint32_t file, std::string_view suffix) {
  const bool wanted = std::ranges::any_of(units_, [&](const RawUnit& unit) {
    return spaces_[unit.space].file == file && is_fortran(unit.language);
  });
  if (!wanted) return;
  RawFile& into = files_[file];
  for (const auto& [name, content] :
       {std::pair{".debug_loc", &into.loc}, std::pair{".debug_loclists", &into.loclists}}) {
    std::vector<std::byte> buffer;
    *content = expanded_section(elf, std::string(name).append(suffix), buffer);
    into.held.push_back(std::move(buffer));  // which leaves its bytes where they are
  }
}

void RawDwarf::add_spaces(std::uint32_t file) {
  const auto info = static_cast<std::uint32_t>(spaces_.size());
  add_space(file, files_[file].info, false, info);
  if (!files_[file].types.empty()) add_space(file, files_[file].types, true, info);
}

void RawDwarf::add_space(std::uint32_t file, ByteSpan bytes, bool types, std::uint32_t info_space) {
  RawSpace space;
  space.file = file;
  space.bytes = bytes;
  space.info_space = info_space;
  space.first_unit = static_cast<std::uint32_t>(units_.size());
  Bytes in(bytes, files_[file].big_endian);
  while (in.left() > 0) {
    RawUnit unit;
    std::uint64_t abbrev_offset = 0;
    unit.space = static_cast<std::uint32_t>(spaces_.size());
    if (!read_header(in, types, unit, abbrev_offset)) break;
    const bool usable = unit.first_die != 0 && (unit.sizes.address == 4 ||
                                                unit.sizes.address == 8 || unit.sizes.address == 2);
    if (usable) unit.abbrevs = table(file, abbrev_offset, unit.sizes);
    if (unit.abbrevs == nullptr) unit.first_die = static_cast<std::uint32_t>(unit.end - unit.begin);
    units_.push_back(unit);
    in.seek(unit.end);
  }
  space.end_unit = static_cast<std::uint32_t>(units_.size());
  spaces_.push_back(space);
}

const AbbrevTable* RawDwarf::table(std::uint32_t file, std::uint64_t offset,
                                   const FormSizes& sizes) {
  if (offset > ~files_[file].abbrev_base) return nullptr;
  offset += files_[file].abbrev_base;
  file = files_[file].abbrev_file;
  const auto [first, last] = table_at_.equal_range(offset);
  for (auto known = first; known != last; ++known) {
    if (known->second->file == file && known->second->sizes == sizes) return &known->second->table;
  }
  if (offset >= files_[file].abbrev.size()) return nullptr;
  tables_.push_back({file, offset, files_[file].abbrev.size(), sizes, {}});
  table_at_.emplace(offset, &tables_.back());
  return &tables_.back().table;
}

void RawDwarf::read_tables(unsigned threads) {
  // Tables do not overlap. Holding each to that bounds the work that hostile offsets can cause.
  // All tables of a file come in one call.
  std::vector<Table*> in_order;
  for (std::size_t i = tables_read_; i < tables_.size(); ++i) in_order.push_back(&tables_[i]);
  std::sort(in_order.begin(), in_order.end(), [](const Table* a, const Table* b) {
    return std::pair(a->file, a->offset) < std::pair(b->file, b->offset);
  });
  const Table* next = nullptr;  // the first one that begins behind the current one
  for (std::size_t i = in_order.size(); i-- > 0;) {
    const Table* after = i + 1 < in_order.size() ? in_order[i + 1] : nullptr;
    if (after != nullptr &&
        (after->file != in_order[i]->file || after->offset > in_order[i]->offset)) {
      next = after;
    }
    if (next != nullptr && next->file == in_order[i]->file) in_order[i]->end = next->offset;
  }
  parallel_for(threads, in_order.size(), 16, [this](std::size_t index, unsigned) {
    Table& table = tables_[tables_read_ + index];
    const RawFile& file = files_[table.file];
    Bytes in(file.abbrev.first(table.end), file.big_endian);
    in.seek(table.offset);
    table.table.read(in, table.sizes);
  });
  tables_read_ = tables_.size();
  for (; units_read_ < units_.size(); ++units_read_) read_unit_die(units_[units_read_]);
}

void RawDwarf::read_unit_die(RawUnit& unit) {
  if (unit.abbrevs == nullptr) return;
  const bool own = spaces_[unit.space].file == 0;
  Skeleton skeleton;
  skeleton.unit = static_cast<std::uint32_t>(&unit - units_.data());
  // Defaults of DWARF 5 where a base is missing: behind the first contribution's header.
  if (unit.version >= 5) {
    const std::uint64_t header = unit.sizes.offset == 8 ? 16 : 8;
    unit.str_offsets_base = header;
    unit.addr_base = header;
    // A .dwo file has one contribution, and no base.
    if (!own) unit.rnglists_base = unit.loclists_base = header + 4;
  }
  // Bases first: an index that comes before its base in the DIE has to wait for it.
  for (int round = 0; round < 2; ++round) {
    Bytes in = bytes(unit);
    in.seek(unit.first_die);
    const std::uint64_t code = in.uleb();
    const Abbrev* abbrev = code == 0 ? nullptr : unit.abbrevs->find(code);
    if (abbrev == nullptr) return;
    const AbbrevAttribute* attributes = unit.abbrevs->attributes(*abbrev);
    for (unsigned i = 0; i < abbrev->count && in.ok(); ++i) {
      switch (attributes[i].name) {
        case DW_AT_str_offsets_base:
          unit.str_offsets_base = read_form(in, attributes[i], *this, unit).number;
          break;
        case DW_AT_addr_base:
        case DW_AT_GNU_addr_base:
          unit.addr_base = read_form(in, attributes[i], *this, unit).number;
          break;
        case DW_AT_rnglists_base:
          unit.rnglists_base = read_form(in, attributes[i], *this, unit).number;
          break;
        case DW_AT_loclists_base:
          unit.loclists_base = read_form(in, attributes[i], *this, unit).number;
          break;
        case DW_AT_language:
          unit.language =
              static_cast<std::uint16_t>(read_form(in, attributes[i], *this, unit).number);
          break;
        case DW_AT_producer:
          unit.producer = read_form(in, attributes[i], *this, unit).string;
          break;
        case DW_AT_low_pc: {
          const RawValue value = read_form(in, attributes[i], *this, unit);
          if (value.kind == RawValue::Kind::address) unit.low_pc = value.number;
          break;
        }
        case DW_AT_dwo_name:
        case DW_AT_GNU_dwo_name:
          unit.skeleton = own;
          skeleton.name = read_form(in, attributes[i], *this, unit).string;
          break;
        case DW_AT_comp_dir:
          skeleton.directory = read_form(in, attributes[i], *this, unit).string;
          break;
        case DW_AT_GNU_dwo_id:
          unit.dwo_id = read_form(in, attributes[i], *this, unit).number;
          break;
        case DW_AT_GNU_ranges_base:
          skeleton.ranges_base = read_form(in, attributes[i], *this, unit).number;
          break;
        default:
          skip_attribute(in, attributes[i], unit);
      }
    }
  }
  if (unit.skeleton) skeletons_.push_back(skeleton);
}

DieRef RawDwarf::at(std::uint32_t space, std::uint64_t offset) const {
  const RawSpace& in = spaces_[space];
  const auto first = units_.begin() + in.first_unit;
  const auto last = units_.begin() + in.end_unit;
  auto unit = std::upper_bound(first, last, offset, [](std::uint64_t value, const RawUnit& other) {
    return value < other.begin;
  });
  if (unit == first) return {};
  --unit;
  if (offset >= unit->end || offset - unit->begin < unit->first_die) return {};
  return {static_cast<std::uint32_t>(unit - units_.begin()),
          static_cast<std::uint32_t>(offset - unit->begin)};
}

DieRef RawDwarf::in_info_of(const RawUnit& unit, std::uint64_t offset) const {
  return at(space(unit).info_space, offset);
}

DieRef RawDwarf::in_alt(std::uint64_t offset) const {
  return alt_file_ == 0 ? DieRef{} : at(alt_space_, offset);
}

DieRef RawDwarf::of_signature(std::uint64_t signature) const {
  const auto found = type_units_.find(signature);
  if (found == type_units_.end()) return {};
  const RawUnit& unit = units_[found->second];
  if (unit.type_die < unit.first_die || unit.type_die >= unit.end - unit.begin) return {};
  return {found->second, static_cast<std::uint32_t>(unit.type_die)};
}

}  // namespace splitstrip
