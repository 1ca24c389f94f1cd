#include "typedata/build.h"

#include <algorithm>
#include <map>
#include <thread>
#include <unordered_map>

#include <dwarf.h>

#include "dwarf/parallel.h"
#include "elf/identity.h"
#include "facts/error.h"
#include "typedata/aliases.h"
#include "typedata/compress.h"
#include "typedata/emit.h"
#include "typedata/exports.h"
#include "typedata/function.h"
#include "typedata/reasons.h"
#include "typedata/scan.h"

namespace splitstrip {
namespace {

unsigned thread_count(const TypedataOptions& options) {
  if (options.threads != 0) return std::min(options.threads, 64U);
  return std::clamp(std::thread::hardware_concurrency(), 1U, 4U);
}

// dwz's common file, where `elf` names one: at the path that is recorded, or by its build-id.
std::optional<ElfFile> find_alt(const ElfFile& elf, const TypedataOptions& options) {
  const auto link = alt_link(elf);
  if (!link) return std::nullopt;
  std::vector<std::filesystem::path> places{elf.path().parent_path() /
                                            std::filesystem::path(link->path)};
  if (link->build_id.size() > 2) {
    for (const auto& directory : options.debug_directories) {
      places.push_back(directory / build_id_file(link->build_id));
    }
  }
  for (const auto& place : places) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(place, ignored)) continue;
    ElfFile found = ElfFile::open(place);
    const auto id = build_id(found);
    if (link->build_id.empty() || (id && id->hex() == link->build_id)) return found;
  }
  throw Error::of(
      "{}: its DWARF is shared with {} (build-id {}), which is not installed; install the "
      "debuginfo "
      "package that holds it",
      elf.path().string(), link->path, link->build_id);
}

class Builder {
 public:
  Builder(const ElfFile& dwarf, const ElfFile& exports, const TypedataOptions& options)
      : elf_(dwarf),
        main_(exports),
        threads_(thread_count(options)),
        alt_(find_alt(dwarf, options)),
        split_({dwarf.path(), exports.path()}),
        dwarf_(dwarf, alt_ ? &*alt_ : nullptr, threads_, &split_),
        exports_(exports) {}

  TypedataResult run() {
    scan_all();
    choose();
    complete();
    Gatherer gatherer(dwarf_, scans_, completions_, threads_);
    gatherer.run(read_roots());
    const Merged merged = merge_types(gatherer.result());
    const EmitInput input{dwarf_,
                          scans_,
                          completions_,
                          gatherer,
                          merged,
                          roots_,
                          language(),
                          main_.soname(),
                          main_.is_64() ? 8U : 4U,
                          main_.big_endian()};
    TypedataResult result;
    result.dwarf = emit_typedata(input);
    result.object = make_object(main_, result.dwarf);
    result.section = compress_typedata(result.object);
    result.coverage = coverage();
    return result;
  }

 private:
  void scan_all() {
    scans_.resize(dwarf_.units().size());
    parallel_for(threads_, scans_.size(), 8, [this](std::size_t index, unsigned) {
      scans_[index] = scan_unit(dwarf_, dwarf_.units()[index], exports_, false);
    });
    best_.resize(exports_.all().size());
    for (const UnitScan& scan : scans_) take_candidates(scan);
    look_deeper();
    match_other_names(elf_, dwarf_, exports_, scans_, best_);
    for (UnitScan& scan : scans_) std::vector<OtherName>().swap(scan.others);
  }

  void take_candidates(const UnitScan& scan) {
    for (const Candidate& candidate : scan.candidates) {
      Candidate& best = best_[candidate.index];
      if (candidate.match < best.match) best = candidate;
    }
  }

  // Static variables of inline functions and members of local classes are exported too.
  void look_deeper() {
    const bool complete = std::all_of(best_.begin(), best_.end(), [](const Candidate& best) {
      return best.match != Match::none;
    });
    if (complete) return;
    std::vector<std::size_t> units;
    for (std::size_t i = 0; i < dwarf_.own_units(); ++i) {
      const RawUnit& unit = dwarf_.units()[i];
      if (unit.abbrevs != nullptr && !is_flat_language(unit.language)) units.push_back(i);
    }
    std::vector<UnitScan> deep(units.size());
    parallel_for(threads_, units.size(), 8, [&](std::size_t index, unsigned) {
      deep[index] = scan_unit(dwarf_, dwarf_.units()[units[index]], exports_, true);
    });
    for (const UnitScan& scan : deep) take_candidates(scan);
  }

  void choose() {
    // Of a name's versions the default one is told by the name alone; another one gets a DIE of its
    // own, as NAME@VERSION, only if it is described by another DIE. So what has no NAME@VERSION is
    // what NAME is.
    std::unordered_map<std::string_view, DieRef> plain;
    plain.reserve(best_.size());
    roots_.reserve(best_.size());
    for (std::size_t i = 0; i < best_.size(); ++i) {
      const Export& entry = exports_.all()[i];
      if (best_[i].match == Match::none || !entry.default_version) continue;
      if (plain.try_emplace(entry.name, best_[i].die).second) add_root(entry, best_[i].die, false);
    }
    for (std::size_t i = 0; i < best_.size(); ++i) {
      const Export& entry = exports_.all()[i];
      if (best_[i].match == Match::none || entry.default_version) continue;
      const auto [known, fresh] = plain.try_emplace(entry.name, best_[i].die);
      // Without a default version the first one stands for the name.
      if (fresh || known->second != best_[i].die) add_root(entry, best_[i].die, !fresh);
    }
  }

  void add_root(const Export& entry, DieRef die, bool versioned) {
    Root root;
    root.die = die;
    root.function = entry.is_function();
    root.symbol = entry.name;
    if (versioned) root.version = entry.version;
    // In C a symbol is its own name. Elsewhere it is the linkage name of a member of some scope,
    // but for `extern "C"`.
    const RawUnit& unit = dwarf_.units()[die.unit];
    if (!is_flat_language(unit.language)) {
      const DieNames names = inherited_names(dwarf_, die);
      const bool mangled = entry.name.starts_with("_Z") || entry.name.starts_with("_R");
      root.keep_scope =
          !names.linkage_name.empty() && (mangled || names.linkage_name == entry.name);
    }
    roots_.push_back(std::move(root));
  }

  // Definitions of all types that some unit only declares; the first one of a name.
  void complete() {
    std::vector<std::uint64_t> declared;
    for (const UnitScan& scan : scans_) {
      declared.insert(declared.end(), scan.declared.begin(), scan.declared.end());
    }
    for (const std::uint64_t key : declared) completions_.try_emplace(key);
    if (completions_.empty()) return;
    for (std::size_t i = 0; i < scans_.size(); ++i) {
      for (const NamedType& type : scans_[i].defined) {
        const auto found = completions_.find(type.key);
        if (found != completions_.end() && !found->second) {
          found->second = {static_cast<std::uint32_t>(i), type.offset};
        }
      }
      std::vector<NamedType>().swap(scans_[i].defined);
      std::vector<std::uint64_t>().swap(scans_[i].declared);
    }
    std::erase_if(completions_, [](const auto& entry) { return !entry.second; });
  }

  // Returns the types that the roots name.
  std::vector<DieRef> read_roots() {
    std::vector<Decoder> decoders(threads_, Decoder(dwarf_, scans_, completions_));
    std::vector<Record> records(threads_);
    parallel_for(threads_, roots_.size(), 64, [&](std::size_t index, unsigned thread) {
      Root& root = roots_[index];
      if (root.function) {
        decoders[thread].function(root.die, records[thread]);
      } else {
        decoders[thread].variable(root.die, records[thread]);
      }
      root.record = records[thread];  // of the right size, unlike one that grew
    });
    std::vector<DieRef> types;
    for (const Root& root : roots_) {
      for (const RecordAttribute& attribute : root.record.attributes) {
        if (attribute.kind() == RecordAttribute::Kind::type) types.push_back(attribute.die());
      }
      if (root.keep_scope && root.record.parent) types.push_back(root.record.parent);
    }
    return types;
  }

  // Of most of the exports that could be typed.
  std::uint16_t language() const {
    std::map<std::uint16_t, std::size_t> uses;
    for (const Root& root : roots_) ++uses[dwarf_.units()[root.die.unit].language];
    uses.erase(0);
    uses.erase(DW_LANG_Mips_Assembler);
    const auto most = std::max_element(
        uses.begin(), uses.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == uses.end() ? std::uint16_t{DW_LANG_C99} : most->first;
  }

  Coverage coverage() const {
    Coverage coverage;
    std::vector<std::uint32_t> untyped;
    for (std::uint32_t i = 0; i < best_.size(); ++i) {
      const bool function = exports_.all()[i].is_function();
      ++(function ? coverage.functions : coverage.objects);
      if (best_[i].match == Match::none) {
        untyped.push_back(i);
      } else {
        ++(function ? coverage.functions_typed : coverage.objects_typed);
      }
    }
    const std::vector<std::string> reasons = untyped_reasons(dwarf_, exports_, untyped);
    for (std::size_t i = 0; i < untyped.size(); ++i) {
      const Export& entry = exports_.all()[untyped[i]];
      std::string name(entry.name);
      if (!entry.default_version) name.append("@").append(entry.version);
      coverage.untyped.push_back({std::move(name), reasons[i]});
    }
    return coverage;
  }

  const ElfFile& elf_;
  const ElfFile& main_;
  const unsigned threads_;
  std::optional<ElfFile> alt_;
  SplitFiles split_;
  RawDwarf dwarf_;
  Exports exports_;
  std::vector<UnitScan> scans_;
  std::vector<Candidate> best_;  // of each export
  std::vector<Root> roots_;
  Completions completions_;
};

}  // namespace

TypedataResult build_typedata(const ElfFile& dwarf, const ElfFile& exports,
                              const TypedataOptions& options) {
  if (!dwarf.has_dwarf()) {
    throw Error::of("{}: has no DWARF; give the unstripped file, or install its debuginfo package",
                    dwarf.path().string());
  }
  return Builder(dwarf, exports, options).run();
}

TypedataResult build_typedata(const std::filesystem::path& dwarf,
                              const std::filesystem::path& exports,
                              const TypedataOptions& options) {
  const ElfFile elf = ElfFile::open(dwarf);
  if (dwarf == exports) return build_typedata(elf, elf, options);
  return build_typedata(elf, ElfFile::open(exports), options);
}

}  // namespace splitstrip
