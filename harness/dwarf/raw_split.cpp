// The part of the fast reader that follows skeleton units to their .dwo files or .dwp package.
//
// A unit there finds its addresses, and in DWARF 4 its ranges, in the file of its skeleton: it gets
// the skeleton's bases, and its RawFile that file's sections. A package is taken apart into one
// RawFile for each unit, so that all else need not know of it.
//
// Source: DWARF 5, 3.1.2, 3.1.3 and 7.3.
#include <algorithm>
#include <unordered_set>

#include <dwarf.h>
#include <sys/stat.h>

#include "dwarf/raw.h"
#include "dwarf/section_bytes.h"
#include "dwarf/split_index.h"
#include "facts/error.h"

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

// Each file stays mapped; the kernel allows some 65,000 mappings.
constexpr std::size_t kMostFiles = 20000;

bool is_type_unit(const RawUnit& unit) {
  return unit.type == DW_UT_type || unit.type == DW_UT_split_type;
}

// Units do not overlap. Holding a package to that bounds the work that a hostile index can cause.
void drop_overlapping(std::vector<SplitRow>& rows, SplitPart SplitRow::*part) {
  std::ranges::stable_sort(rows, {}, [part](const SplitRow& row) { return (row.*part).offset; });
  std::uint64_t end = 0;
  for (SplitRow& row : rows) {
    SplitPart& own = row.*part;
    if (own.size == 0) continue;
    if (own.offset < end) {
      own = {};
    } else {
      end = own.offset + own.size;
    }
  }
}

}  // namespace

std::string_view RawDwarf::split_problem(const RawUnit& unit) const {
  const auto found = split_problems_.find(static_cast<std::uint32_t>(&unit - units_.data()));
  return found == split_problems_.end() ? std::string_view() : found->second;
}

void RawDwarf::add_split(const SplitFiles& files, unsigned threads) {
  const std::vector<Skeleton> skeletons = std::move(skeletons_);
  skeletons_.clear();
  std::string package_problem;
  if (const auto package = files.package()) {
    try {
      add_package(*package, skeletons, threads);
    } catch (const Error& error) {
      package_problem = error.what();
    }
  }
  for (const Skeleton& skeleton : skeletons) {
    if (link_skeleton(skeleton)) continue;
    std::string problem = find_dwo(skeleton, files, threads);
    if (!problem.empty() && !package_problem.empty()) problem = package_problem;
    if (!problem.empty()) split_problems_.emplace(skeleton.unit, std::move(problem));
  }
  // What belongs to no skeleton is of another build.
  for (std::size_t g = 0; g < split_groups_.size(); ++g) {
    for (std::size_t i = split_groups_[g].first_unit; i < split_groups_[g].end_unit; ++i) {
      RawUnit& unit = units_[i];
      if (unit.abbrevs == nullptr) continue;
      const auto linked = split_units_.find(unit.dwo_id);
      const bool meant = is_type_unit(unit) ? split_groups_[g].wanted
                                            : linked->second.unit == i && linked->second.taken;
      if (meant) continue;
      unit.abbrevs = nullptr;
      unit.first_die = static_cast<std::uint32_t>(unit.end - unit.begin);
    }
  }
}

// Gives the skeleton the unit of its dwo_id, if that is there and no other skeleton's.
bool RawDwarf::link_skeleton(const Skeleton& skeleton) {
  RawUnit& from = units_[skeleton.unit];
  const auto found = split_units_.find(from.dwo_id);
  if (found == split_units_.end()) return false;
  SplitUnit& meant = found->second;
  if (meant.taken) return false;
  meant.taken = true;
  split_groups_[meant.group].wanted = true;
  from.split_unit = meant.unit;
  RawUnit& split = units_[meant.unit];
  split.addr_base = from.addr_base;
  split.low_pc = from.low_pc;
  split.ranges_base = skeleton.ranges_base;
  return true;
}

// Looks for the skeleton's file; returns what is wrong if that is not to be had.
std::string RawDwarf::find_dwo(const Skeleton& skeleton, const SplitFiles& files,
                               unsigned threads) {
  const std::string name = SplitFiles::recorded(skeleton.name, skeleton.directory).string();
  std::string problem = fmt::format("{} is not at hand", name);
  for (const fs::path& place : files.find(skeleton.name, skeleton.directory)) {
    struct stat status {};
    if (::stat(place.c_str(), &status) != 0) continue;
    const auto [known, fresh] = split_known_.try_emplace({status.st_dev, status.st_ino});
    if (fresh) {
      if (split_known_.size() > kMostFiles) return fmt::format("{} is one file too many", name);
      try {
        add_dwo(place, threads);
      } catch (const Error& error) {
        known->second = error.what();
      }
    }
    if (link_skeleton(skeleton)) return {};
    problem = known->second.empty() ? fmt::format("{} is of another build", place.string())
                                    : known->second;
  }
  return problem;
}

const ElfFile& RawDwarf::open_split(const fs::path& path) {
  ElfFile elf = ElfFile::open(path);
  if (elf.big_endian() != files_[0].big_endian)
    throw Error::of("{}: is of another machine; build it again", path.string());
  return split_elves_.emplace_back(std::move(elf));
}

void RawDwarf::note_split_units(std::size_t first_unit) {
  for (std::size_t i = first_unit; i < units_.size(); ++i) {
    const RawUnit& unit = units_[i];
    if (is_type_unit(unit) || unit.abbrevs == nullptr) continue;
    split_units_.try_emplace(unit.dwo_id,
                             SplitUnit{static_cast<std::uint32_t>(i),
                                       static_cast<std::uint32_t>(split_groups_.size()), false});
  }
  split_groups_.push_back({first_unit, units_.size(), false});
}

void RawDwarf::add_dwo(const fs::path& path, unsigned threads) {
  const std::size_t first_unit = units_.size();
  const ElfFile& elf = open_split(path);
  const std::uint32_t number = add_file(elf, threads, ".dwo");
  files_[number].addr = files_[0].addr;
  files_[number].ranges = files_[0].ranges;
  add_spaces(number);
  // gcc gives each type unit a section of its own, of the same name. Sections that share bytes
  // would multiply the work.
  std::uint64_t left = elf.bytes().size();
  for (const char* name : {".debug_info.dwo", ".debug_types.dwo"}) {
    const Section* first = elf.section(name);
    const bool types = first != nullptr && first->name == ".debug_types.dwo";
    for (const Section& section : elf.sections()) {
      if (section.name != name) continue;
      const std::uint64_t size = elf.raw(section).size();
      if (size > left) throw Error::of("{}: its sections overlap; build it again", path.string());
      left -= size;
      if (&section == first) continue;
      std::vector<std::byte> buffer;
      const ByteSpan bytes = expanded_section(elf, section, buffer);
      files_[number].held.push_back(std::move(buffer));  // which leaves its bytes where they are
      const auto own = static_cast<std::uint32_t>(spaces_.size());
      add_space(number, bytes, types, own);
    }
  }
  read_tables(threads);
  add_locations(elf, number, ".dwo");
  note_split_units(first_unit);
}

void RawDwarf::add_package(const fs::path& path, const std::vector<Skeleton>& skeletons,
                           unsigned threads) {
  const std::size_t first_unit = units_.size();
  const ElfFile& elf = open_split(path);
  const std::uint32_t whole_number = add_file(elf, threads, ".dwo");
  const auto index = [&](const char* name) {
    std::vector<std::byte> buffer;
    const ByteSpan bytes = expanded_section(elf, name, buffer);
    return read_split_index({bytes, elf.big_endian()});
  };
  std::unordered_set<std::uint64_t> wanted;
  for (const Skeleton& skeleton : skeletons) wanted.insert(units_[skeleton.unit].dwo_id);
  std::vector<SplitRow> rows = index(".debug_cu_index");
  std::erase_if(rows, [&](const SplitRow& row) { return !wanted.contains(row.id); });
  const std::vector<SplitRow> types = index(".debug_tu_index");
  rows.insert(rows.end(), types.begin(), types.end());
  drop_overlapping(rows, &SplitRow::info);
  drop_overlapping(rows, &SplitRow::types);

  for (const SplitRow& row : rows) {
    const auto number = static_cast<std::uint32_t>(files_.size());
    RawFile& file = files_.emplace_back();
    const RawFile& whole = files_[whole_number];
    file.big_endian = whole.big_endian;
    file.info = part_of(whole.info, row.info);
    file.types = part_of(whole.types, row.types);
    file.str = whole.str;
    file.str_offsets = part_of(whole.str_offsets, row.str_offsets);
    file.rnglists = part_of(whole.rnglists, row.rnglists);
    file.abbrev_file = whole_number;
    file.abbrev_base = row.abbrev.offset;
    file.addr = files_[0].addr;
    file.ranges = files_[0].ranges;
    add_spaces(number);
  }
  read_tables(threads);
  note_split_units(first_unit);
}

}  // namespace splitstrip
