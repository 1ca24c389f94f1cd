#include "recipe/fault/fault.h"

#include <algorithm>

#include <fmt/format.h>

#include "facts/error.h"
#include "recipe/publish.h"
#include "recipe/typedata.h"
#include "run/scratch.h"

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

std::vector<Fault> make_list() {
  std::vector<Fault> all;
  const auto append = [&](FaultGroup group, std::vector<Fault> some) {
    for (Fault& fault : some) {
      fault.group = group;
      all.push_back(std::move(fault));
    }
  };
  append(FaultGroup::main, main_faults());
  append(FaultGroup::debug, debug_file_faults());
  append(FaultGroup::debug, debug_type_faults());
  append(FaultGroup::debug, debug_class_faults());
  append(FaultGroup::debug, debug_code_faults());
  append(FaultGroup::debug, debug_line_faults());
  append(FaultGroup::typedata, typedata_faults());
  return all;
}

void make_faulty(const Fault& fault, const fs::path& unstripped, const Pair& pair,
                 const fs::path& scratch) {
  const ScratchDirectory own(scratch);
  const Pair made{own.path() / pair.main.filename(), own.path() / pair.debug.filename()};
  make_typedata_pair(unstripped, made, own.path());
  PairDraft draft(made);
  fault.plant(draft);
  draft.save();
  publish(made, pair);
}

}  // namespace

std::string_view to_string(FaultGroup group) {
  switch (group) {
    case FaultGroup::main:
      return "main";
    case FaultGroup::debug:
      return "debug";
    case FaultGroup::typedata:
      return "typedata";
  }
  return "";
}

const std::vector<Fault>& all_faults() {
  static const std::vector<Fault> all = make_list();
  return all;
}

const Fault* find_fault(std::string_view name) {
  static const Fault control{"nothing", "nothing is wrong: the control", "calls",
                             [](PairDraft&) {}};
  if (name == control.name) return &control;
  const auto& all = all_faults();
  const auto found = std::ranges::find(all, name, &Fault::name);
  return found == all.end() ? nullptr : &*found;
}

std::optional<Recipe> find_fault_recipe(std::string_view name) {
  const Fault* fault = find_fault(name.substr(fault_prefix.size()));
  if (fault == nullptr)
    throw Error::of("{}: no such fault; `splitstrip prove --list` names them", name);
  return Recipe{std::string(name),
                fmt::format(".gnu_typedata, and a planted fault: {}", fault->what),
                "somebody notices",
                [fault](const fs::path& unstripped, const Pair& pair, const fs::path& scratch) {
                  make_faulty(*fault, unstripped, pair, scratch);
                },
                true};
}

}  // namespace splitstrip
