#include "typedata/parameters.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <dwarf.h>

#include "dwarf/form.h"
#include "dwarf/language.h"
#include "dwarf/locations.h"

namespace splitstrip {
namespace {

// Packs nest no deeper than this.
constexpr unsigned kDeepestPack = 4;

struct Listed {
  ParameterDie parameter;
  DieRef origin;  // DW_AT_abstract_origin
  bool artificial = false;
  bool packed = false;    // stands in a pack
  std::string_view name;  // its own
  RawValue location;
};

// What one of the function's DIEs says.
struct Description {
  bool abstract_origin = false;  // it refers to the next one in the chain as an instance does
  bool code = false;             // it has addresses
  std::vector<Listed> parameters;
};

class Describer {
 public:
  Describer(const RawDwarf& dwarf, DieRef function)
      : dwarf_(dwarf), unit_(dwarf.units()[function.unit]), index_(function.unit) {
    if (unit_.abbrevs == nullptr) return;
    in_ = dwarf.bytes(unit_);
    in_.seek(function.offset);
    const std::uint64_t code = in_.uleb();
    const Abbrev* abbrev = code == 0 ? nullptr : unit_.abbrevs->find(code);
    if (abbrev == nullptr) return;
    const AbbrevAttribute* attributes = unit_.abbrevs->attributes(*abbrev);
    for (unsigned i = 0; i < abbrev->count; ++i) {
      const std::uint16_t name = attributes[i].name;
      if (name == DW_AT_abstract_origin) result_.abstract_origin = true;
      if (name == DW_AT_low_pc || name == DW_AT_ranges) result_.code = true;
    }
    skip_attributes(in_, *abbrev, unit_);
    if (abbrev->children) children(0);
    drop_repeated();
  }

  Description take() { return std::move(result_); }

 private:
  void children(unsigned packs) {
    while (in_.ok()) {
      const auto offset = static_cast<std::uint32_t>(in_.offset());
      const std::uint64_t code = in_.uleb();
      if (code == 0) return;
      const Abbrev* abbrev = unit_.abbrevs->find(code);
      if (abbrev == nullptr) {
        in_.fail();
        return;
      }
      sibling_ = 0;
      if (abbrev->tag == DW_TAG_formal_parameter || abbrev->tag == DW_TAG_unspecified_parameters) {
        parameter(offset, *abbrev, packs > 0);
      } else {
        if (abbrev->children && abbrev->sibling != Abbrev::kVaries) {
          Bytes at = in_;
          at.skip(abbrev->sibling);
          sibling_ = at.u32();
        }
        skip_attributes(in_, *abbrev, unit_);
        if (abbrev->tag == DW_TAG_GNU_formal_parameter_pack && packs < kDeepestPack) {
          if (abbrev->children) children(packs + 1);
          continue;
        }
      }
      if (!abbrev->children) continue;
      if (sibling_ > in_.offset()) {
        in_.seek(sibling_);
      } else {
        skip_children(in_, unit_);
      }
    }
  }

  void parameter(std::uint32_t offset, const Abbrev& abbrev, bool packed) {
    Listed listed;
    listed.parameter.die = {index_, offset};
    listed.parameter.tag = abbrev.tag;
    listed.packed = packed;
    const AbbrevAttribute* attributes = unit_.abbrevs->attributes(abbrev);
    for (unsigned i = 0; i < abbrev.count && in_.ok(); ++i) {
      const auto read = [&] { return read_form(in_, attributes[i], dwarf_, unit_); };
      switch (attributes[i].name) {
        case DW_AT_name:
          listed.name = read().string;
          break;
        case DW_AT_abstract_origin:
          listed.origin = read().die;
          break;
        case DW_AT_artificial:
          listed.artificial = read().number != 0;
          break;
        case DW_AT_location:
          listed.location = read();
          break;
        case DW_AT_sibling:
          sibling_ = read().die.offset;
          break;
        default:
          skip_attribute(in_, attributes[i], unit_);
      }
    }
    if (in_.ok()) result_.parameters.push_back(listed);
  }

  // Of a pack's parameters that stand there twice those beside the pack, unless it is empty.
  void drop_repeated() {
    std::vector<Listed>& all = result_.parameters;
    if (std::ranges::none_of(all, &Listed::packed)) return;
    std::erase_if(all, [](const Listed& one) {
      return !one.packed && one.name.find('#') != std::string_view::npos;
    });
  }

  const RawDwarf& dwarf_;
  const RawUnit& unit_;
  const std::uint32_t index_;
  Bytes in_;
  std::uint32_t sibling_ = 0;  // of the DIE read last, or 0
  Description result_;
};

bool is_argument(const Listed& listed) {
  return listed.parameter.tag == DW_TAG_formal_parameter;
}

std::size_t count_arguments(const Description& description) {
  return static_cast<std::size_t>(std::ranges::count_if(description.parameters, is_argument));
}

// Whether an instance takes the abstract parameter.
bool taken(const Description& instance, const Listed& abstract) {
  return std::ranges::any_of(instance.parameters, [&](const Listed& listed) {
    return listed.origin == abstract.parameter.die;
  });
}

// In C++ only the object is passed without being written, but for what one of GCC's copies of a
// constructor or destructor takes; that copy's own DIE has it.
void drop_untaken(const Description* instance, Description& description) {
  bool object = false;
  std::erase_if(description.parameters, [&](const Listed& listed) {
    if (!listed.artificial) return false;
    const bool first = !std::exchange(object, true);
    return !first && (instance == nullptr || !taken(*instance, listed));
  });
}

ArgumentPlace place_of(const RawDwarf& dwarf, const Listed& listed) {
  const RawUnit& unit = dwarf.units()[listed.parameter.die.unit];
  if (listed.location.kind == RawValue::Kind::none) return ArgumentPlace::unknown;
  return argument_place(location_expressions(dwarf, unit, listed.location),
                        dwarf.file(unit).big_endian, unit.sizes.address, dwarf.machine());
}

void find_places(const RawDwarf& dwarf, const std::vector<Description>& all, Description& chosen) {
  for (Listed& listed : chosen.parameters) {
    ArgumentPlace& place = listed.parameter.place;
    place = place_of(dwarf, listed);
    // An abstract parameter lies nowhere: its instance does.
    for (std::size_t i = 0; i < all.size() && place == ArgumentPlace::unknown; ++i) {
      for (const Listed& instance : all[i].parameters) {
        if (instance.origin == listed.parameter.die) place = place_of(dwarf, instance);
      }
    }
  }
}

}  // namespace

std::vector<ParameterDie> function_parameters(const RawDwarf& dwarf,
                                              std::span<const DieRef> chain) {
  std::vector<Description> all;
  all.reserve(chain.size());
  for (const DieRef die : chain) all.push_back(Describer(dwarf, die).take());
  if (all.empty()) return {};
  const std::uint16_t language = dwarf.units()[chain.front().unit].language;
  if (is_cxx(language)) {
    for (std::size_t i = all[0].code ? 1 : 0; i < all.size(); ++i) {
      drop_untaken(all[0].code && all[0].abstract_origin ? all.data() : nullptr, all[i]);
    }
  }
  // Of equally long ones the abstract one, which has the names; a declaration's lack them, and an
  // instance only refers to them.
  std::size_t best = 0;
  const auto rank = [&](std::size_t i) {
    const bool declaration = i > 0 && !all[i - 1].abstract_origin;
    return declaration ? 0 : i == 0 ? 1 : 2;
  };
  for (std::size_t i = 1; i < all.size(); ++i) {
    const std::size_t now = count_arguments(all[best]);
    const std::size_t other = count_arguments(all[i]);
    if (other > now || (other == now && rank(i) > rank(best))) best = i;
  }
  Description& chosen = all[best];
  if (is_fortran(language)) {
    const std::vector<Description> others = all;
    find_places(dwarf, others, chosen);
  }
  std::vector<ParameterDie> parameters;
  parameters.reserve(chosen.parameters.size());
  for (const Listed& listed : chosen.parameters) parameters.push_back(listed.parameter);
  return parameters;
}

}  // namespace splitstrip
