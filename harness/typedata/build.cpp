#include "typedata/build.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <thread>
#include <unordered_map>

#include <dwarf.h>

#include "dwarf/language.h"
#include "dwarf/parallel.h"
#include "dwarf/relocated.h"
#include "elf/identity.h"
#include "facts/error.h"
#include "typedata/aliases.h"
#include "typedata/compress.h"
#include "typedata/emit.h"
#include "typedata/exports.h"
#include "typedata/function.h"
#include "typedata/mangled_arguments.h"
#include "typedata/reasons.h"
#include "typedata/scan.h"

namespace splitstrip {
namespace {

unsigned thread_count(const TypedataOptions& options) {
  if (options.threads != 0) return std::min(options.threads, 64U);
  return std::clamp(std::thread::hardware_concurrency(), 1U, 4U);
}

// dwz's common file, where `elf` names one.
std::optional<ElfFile> open_alt(const ElfFile& elf, const TypedataOptions& options) {
  if (!alt_link(elf)) return std::nullopt;
  return ElfFile::open(find_alt_file(elf, options.places));
}

class Builder {
 public:
  Builder(const ElfFile& dwarf, const ElfFile& exports, const TypedataOptions& options)
      : elf_(dwarf),
        main_(exports),
        threads_(thread_count(options)),
        alt_(open_alt(dwarf, options)),
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
                          languages(),
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
    spread_languages(scans_);
    drop_untyped(dwarf_, scans_);
    best_.resize(exports_.all().size());
    declared_.resize(exports_.all().size());
    for (const UnitScan& scan : scans_) take_candidates(scan);
    look_deeper();
    match_other_names(elf_, dwarf_, exports_, scans_, best_);
    complete_declarations();
    resolve_ifuncs();
    for (UnitScan& scan : scans_) {
      std::vector<OtherName>().swap(scan.others);
      std::vector<CodelessFunction>().swap(scan.codeless);
    }
  }

  void take_candidates(const UnitScan& scan) {
    for (const Candidate& candidate : scan.candidates) {
      const Export& entry = exports_.all()[candidate.index];
      // clang describes thunks, but not what they take.
      if (entry.is_function() && is_compiler_made(entry.name)) continue;
      Candidate& best = best_[candidate.index];
      if (candidate.match < best.match) best = candidate;
      DieRef& declared = declared_[candidate.index];
      if (candidate.match == Match::declaration && !declared) declared = candidate.die;
    }
  }

  // What only a declaration describes may have a definition without code, which says more.
  void complete_declarations() {
    std::map<DieRef, std::uint32_t> declared;  // the DIE -> the export
    for (std::uint32_t i = 0; i < best_.size(); ++i) {
      if (best_[i].match == Match::declaration) declared.emplace(best_[i].die, i);
    }
    if (declared.empty()) return;
    for (std::uint32_t unit = 0; unit < scans_.size(); ++unit) {
      for (const CodelessFunction& function : scans_[unit].codeless) {
        const auto found = declared.find(function.declaration);
        if (found == declared.end()) continue;
        best_[found->second].die = {unit, function.offset};
        declared.erase(found);
      }
    }
  }

  // What nothing else describes.
  void resolve_ifuncs() {
    Decoder decoder(dwarf_, scans_, completions_);
    Record record;
    for (const UnitScan& scan : scans_) {
      for (const Candidate& candidate : scan.resolvers) {
        if (best_[candidate.index].match != Match::none) continue;
        decoder.resolved_function(candidate.die, record);
        if (!record.empty()) best_[candidate.index] = candidate;
      }
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
      if (unit.abbrevs != nullptr && !is_flat_language(unit.language) && !scans_[i].untyped)
        units.push_back(i);
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
      if (plain.try_emplace(entry.name, best_[i].die).second) add_root(i, false);
    }
    for (std::size_t i = 0; i < best_.size(); ++i) {
      const Export& entry = exports_.all()[i];
      if (best_[i].match == Match::none || entry.default_version) continue;
      const auto [known, fresh] = plain.try_emplace(entry.name, best_[i].die);
      // Without a default version the first one stands for the name.
      if (fresh || known->second != best_[i].die) add_root(i, !fresh);
    }
  }

  void add_root(std::size_t index, bool versioned) {
    const Export& entry = exports_.all()[index];
    const DieRef die = best_[index].die;
    Root root;
    root.die = die;
    root.resolver = best_[index].match == Match::resolver;
    // In C clang has no declaration to a definition that lacks parameters, but another unit may.
    if (scans_[die.unit].by_clang && is_flat_language(dwarf_.units()[die.unit].language))
      root.declaration = declared_[index];
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
      if (root.resolver) {
        decoders[thread].resolved_function(root.die, records[thread]);
      } else if (root.function) {
        decoders[thread].function(root.die, root.declaration, records[thread]);
        root.incomplete = lacks_parameters(root, records[thread]);
      } else {
        decoders[thread].variable(root.die, records[thread]);
      }
      root.record = records[thread];  // of the right size, unlike one that grew
    });
    for (const Root& root : roots_) {
      if (root.incomplete) incomplete_.insert(root.die);
    }
    std::erase_if(roots_, [](const Root& root) { return root.incomplete; });
    std::vector<DieRef> types;
    for (const Root& root : roots_) {
      for (const RecordAttribute& attribute : root.record.attributes) {
        if (attribute.refers()) types.push_back(attribute.die());
      }
      if (root.keep_scope && root.record.parent) types.push_back(root.record.parent);
    }
    return types;
  }

  // clang leaves out parameters that are never used and lie in no register; the name has them all.
  bool lacks_parameters(const Root& root, const Record& record) const {
    if (!scans_[root.die.unit].by_clang || record.empty()) return false;
    const auto arguments = mangled_arguments(root.symbol);
    if (!arguments) return false;
    const auto described = std::ranges::count_if(record.dies, [&](const RecordDie& die) {
      if (die.tag != DW_TAG_formal_parameter) return false;
      for (std::uint32_t i = 0; i < die.count; ++i) {
        if (record.attributes[die.first + i].name() == DW_AT_artificial) return false;
      }
      return true;
    });
    return static_cast<std::size_t>(described) < *arguments;
  }

  // Of the exports that could be typed, those of most of them first; of each family the edition
  // that most are written in.
  std::vector<std::uint16_t> languages() const {
    std::map<std::uint16_t, std::size_t> uses;
    std::map<std::uint16_t, std::size_t> families;
    for (const Root& root : roots_) ++uses[scans_[root.die.unit].language];
    uses.erase(0);
    uses.erase(DW_LANG_Mips_Assembler);
    for (const auto& [language, count] : uses) families[language_family(language)] += count;
    std::vector<std::uint16_t> order;
    while (!uses.empty()) {
      const auto most = std::ranges::max_element(uses, [&](const auto& a, const auto& b) {
        const std::size_t left = families[language_family(a.first)];
        const std::size_t right = families[language_family(b.first)];
        return left != right ? left < right : a.second < b.second;
      });
      order.push_back(most->first);
      const std::uint16_t family = language_family(most->first);
      std::erase_if(uses, [&](const auto& use) { return language_family(use.first) == family; });
    }
    if (order.empty()) order.push_back(DW_LANG_C99);
    return order;
  }

  Coverage coverage() const {
    Coverage coverage;
    std::vector<std::uint32_t> untyped;
    for (std::uint32_t i = 0; i < best_.size(); ++i) {
      const bool function = exports_.all()[i].is_function();
      ++(function ? coverage.functions : coverage.objects);
      if (best_[i].match == Match::none || incomplete_.contains(best_[i].die)) {
        untyped.push_back(i);
      } else {
        ++(function ? coverage.functions_typed : coverage.objects_typed);
      }
    }
    const std::vector<std::string> reasons = untyped_reasons(dwarf_, exports_, scans_, untyped);
    for (std::size_t i = 0; i < untyped.size(); ++i) {
      const Export& entry = exports_.all()[untyped[i]];
      std::string name(entry.name);
      if (!entry.default_version) name.append("@").append(entry.version);
      const bool incomplete = best_[untyped[i]].match != Match::none;
      coverage.untyped.push_back(
          {std::move(name),
           incomplete ? "its unit leaves out some of its parameters" : reasons[i]});
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
  std::vector<Candidate> best_;   // of each export
  std::vector<DieRef> declared_;  // likewise: a declaration of it, if there is one
  std::set<DieRef> incomplete_;   // functions that lack parameters
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
  const std::optional<ElfFile> linked = relocated(dwarf);
  if (!linked) return Builder(dwarf, exports, options).run();
  const std::optional<ElfFile> linked_exports =
      &dwarf == &exports ? std::nullopt : relocated(exports);
  return Builder(*linked, linked_exports ? *linked_exports : *linked, options).run();
}

TypedataResult build_typedata(const std::filesystem::path& dwarf,
                              const std::filesystem::path& exports,
                              const TypedataOptions& options) {
  const ElfFile elf = ElfFile::open(dwarf);
  if (dwarf == exports) return build_typedata(elf, elf, options);
  return build_typedata(elf, ElfFile::open(exports), options);
}

}  // namespace splitstrip
