#include "typedata/emit.h"

#include <algorithm>
#include <deque>
#include <string>

#include <dwarf.h>

#include "dwarf/language.h"
#include "dwarf/writer.h"
#include "typedata/made_up_types.h"
#include "typedata/passing.h"

namespace splitstrip {
namespace {

using Kind = RecordAttribute::Kind;

class Emitter {
 public:
  explicit Emitter(const EmitInput& input)
      : input_(input),
        decoder_(input.dwarf, input.scans, input.completions),
        made_up_(writer_, input.dwarf.machine(), input.address_size),
        numbers_(input.gatherer.result().entities.size(), kNoType),
        specials_(input.gatherer.result().entities.size()) {
    for (std::size_t i = 0; i < specials_.size(); ++i) {
      const std::uint32_t same = input.merged.same[i];
      if (same != Gathered::kNone) specials_[same].add(input.gatherer.result().entities[i].special);
    }
  }

  TypedataSections run() {
    make_units();
    for (const Root& root : input_.roots) read_root(root);
    reach();
    judge_classes();
    order_types();
    std::size_t dies = 0;
    std::size_t attributes = roots_.size() * 2;
    for (const RootDie& entry : roots_) {
      dies += entry.root.record.dies.size();
      attributes += entry.root.record.attributes.size();
    }
    for (const Type& type : types_) {
      dies += type.record.dies.size();
      attributes += type.record.attributes.size();
    }
    writer_.reserve(dies, attributes);
    for (const std::uint32_t type : order_) place_type(type);
    for (const std::uint32_t type : order_) write_type(type);
    write_roots();
    made_up_.write();
    DwarfWriter::Sections sections = writer_.write(input_.address_size, input_.big_endian);
    return {std::move(sections.info), std::move(sections.abbrev), std::string(1, '\0')};
  }

 private:
  struct Unit {
    DwarfWriter::Die die = DwarfWriter::kUnit;
    std::uint16_t family = 0;
    std::uint64_t lower_bound = 0;  // of its subranges that say none
  };
  struct Type {
    std::uint32_t entity = 0;
    Record record;
    std::uint32_t parent = kNoType;
    std::uint64_t uses = 0;
    DwarfWriter::Die die = 0;
    bool placed = false;
    Passing passing = Passing::unknown;
    std::vector<std::uint32_t> methods;  // roots that are member functions
  };
  struct RootDie {
    const Root& root;
    std::uint32_t parent;
  };
  static constexpr std::uint32_t kNoType = Gathered::kNone;

  // One for each language: what a reader takes for granted differs from one to the other.
  void make_units() {
    for (std::size_t i = 0; i < input_.languages.size(); ++i) {
      const std::uint16_t language = input_.languages[i];
      const DwarfWriter::Die unit = i == 0 ? DwarfWriter::kUnit : writer_.add_unit();
      writer_.text(unit, DW_AT_producer, "splitstrip");
      writer_.number(unit, DW_AT_language, language);
      writer_.text(unit, DW_AT_name, input_.name);
      units_.push_back({unit, language_family(language), default_lower_bound(language)});
    }
  }

  const Unit& unit_of(DieRef die) const {
    const std::uint16_t family = language_family(input_.scans[die.unit].language);
    const auto found = std::ranges::find(units_, family, &Unit::family);
    return found == units_.end() ? units_.front() : *found;
  }

  const Unit& unit_of(const Type& type) const {
    return unit_of(input_.gatherer.result().entities[type.entity].die);
  }

  // The types as they stand in types_, for the judge of passing.
  class Judged : public PassedTypes {
   public:
    explicit Judged(const Emitter& of) : of_(of) {}
    const Record& record(std::uint32_t type) const override { return of_.types_[type].record; }
    SpecialMembers special(std::uint32_t type) const override {
      return of_.specials_[of_.types_[type].entity];
    }
    std::uint32_t find(DieRef die) const override {
      const std::uint32_t entity = of_.input_.gatherer.find(die);
      const std::uint32_t same = entity == kNoType ? kNoType : of_.input_.merged.same[entity];
      return same == kNoType ? kNoType : of_.numbers_[same];
    }

   private:
    const Emitter& of_;
  };

  void judge_classes() {
    const Judged judged(*this);
    PassingJudge judge(judged, static_cast<std::uint32_t>(types_.size()));
    for (std::uint32_t i = 0; i < types_.size(); ++i) types_[i].passing = judge.judge(i);
  }

  // In C there is but one way, which need not be said; in C++ what is not said is not known, and
  // elsewhere it has to be said that it is not (DWARF 5, 5.7.1: DW_CC_normal).
  void write_passing(const Type& type) {
    const bool told_by_unit = is_cxx(unit_of(type).family);
    const bool cxx = specials_[type.entity].cxx != 0 || told_by_unit;
    if (type.passing == Passing::by_reference) {
      writer_.number(type.die, DW_AT_calling_convention, DW_CC_pass_by_reference);
    } else if (type.passing == Passing::by_value && cxx) {
      writer_.number(type.die, DW_AT_calling_convention, DW_CC_pass_by_value);
    } else if (type.passing == Passing::unknown && cxx && !told_by_unit) {
      writer_.number(type.die, DW_AT_calling_convention, DW_CC_normal);
    }
  }

  // The number in types_ of what a reference means; reads it if it is new.
  std::uint32_t type_of(DieRef die) {
    const std::uint32_t entity = input_.gatherer.find(die);
    if (entity == Gathered::kNone) return kNoType;
    const std::uint32_t same = input_.merged.same[entity];
    if (same == Gathered::kNone) return kNoType;
    std::uint32_t& number = numbers_[same];
    if (number == kNoType) {
      number = static_cast<std::uint32_t>(types_.size());
      types_.emplace_back().entity = same;
    }
    return number;
  }

  void use_all(const Record& record) {
    for (const RecordAttribute& attribute : record.attributes) {
      if (!attribute.refers()) continue;
      if (const std::uint32_t type = type_of(attribute.die()); type != kNoType) ++types_[type].uses;
    }
  }

  void read_root(const Root& root) {
    std::uint32_t parent = kNoType;
    if (root.keep_scope && root.record.parent) parent = type_of(root.record.parent);
    roots_.push_back({root, parent});
    use_all(root.record);
  }

  void reach() {
    for (std::size_t i = 0; i < types_.size(); ++i) {
      Type& type = types_[i];
      decoder_.type(input_.gatherer.result().entities[type.entity].die, type.record);
      if (type.record.parent) types_[i].parent = type_of(type.record.parent);
      use_all(types_[i].record);
    }
    for (std::uint32_t i = 0; i < roots_.size(); ++i) {
      const std::uint32_t parent = roots_[i].parent;
      if (roots_[i].root.function && parent != kNoType && is_class(parent)) {
        types_[parent].methods.push_back(i);
      }
    }
  }

  bool is_class(std::uint32_t type) const {
    const Record& record = types_[type].record;
    return !record.empty() && record.dies[0].tag != DW_TAG_namespace &&
           record.dies[0].tag != DW_TAG_module;
  }

  // The most used types first: references to them are the shortest.
  void order_types() {
    for (std::uint32_t i = 0; i < types_.size(); ++i) order_.push_back(i);
    std::stable_sort(order_.begin(), order_.end(), [this](std::uint32_t a, std::uint32_t b) {
      if (types_[a].uses != types_[b].uses) return types_[a].uses > types_[b].uses;
      return types_[a].entity < types_[b].entity;
    });
  }

  void place_type(std::uint32_t start) {
    // Parents first; a ring of parents, which only damaged input has, is cut.
    std::vector<std::uint32_t> chain;
    for (std::uint32_t type = start; type != kNoType && !types_[type].placed;
         type = types_[type].parent) {
      types_[type].placed = true;
      chain.push_back(type);
    }
    for (; !chain.empty(); chain.pop_back()) {
      Type& type = types_[chain.back()];
      if (type.record.empty()) continue;
      const DwarfWriter::Die parent =
          type.parent == kNoType ? unit_of(type).die : types_[type.parent].die;
      type.die = writer_.add(parent, type.record.dies[0].tag);
    }
  }

  void write_attribute(DwarfWriter::Die die, const RecordAttribute& attribute,
                       const std::vector<DwarfWriter::Die>& inner) {
    switch (attribute.kind()) {
      case Kind::number:
        writer_.number(die, attribute.name(), attribute.number());
        break;
      case Kind::negative:
        writer_.negative(die, attribute.name(), static_cast<std::int64_t>(attribute.number()));
        break;
      case Kind::flag:
        writer_.flag(die, attribute.name());
        break;
      case Kind::text:
        writer_.text(die, attribute.name(), attribute.text());
        break;
      case Kind::block:
        writer_.block(
            die, attribute.name(), attribute.block(),
            attribute.name() == DW_AT_const_value || attribute.name() == DW_AT_discr_value);
        break;
      case Kind::type: {
        const std::uint32_t type = type_of(attribute.die());
        if (type != kNoType && types_[type].die != 0) {
          writer_.reference(die, attribute.name(), types_[type].die);
        }
        break;
      }
      case Kind::pointer: {
        const std::uint32_t type = type_of(attribute.die());
        const DwarfWriter::Die target = type == kNoType ? 0 : types_[type].die;
        writer_.reference(die, attribute.name(), made_up_.pointer(target));
        break;
      }
      case Kind::descriptor:
      case Kind::descriptor_pointer: {
        const std::uint32_t type = type_of(attribute.die());
        const DwarfWriter::Die target = type == kNoType ? 0 : types_[type].die;
        const DwarfWriter::Die itself = made_up_.descriptor(target, attribute.descriptor_size());
        writer_.reference(die, attribute.name(),
                          attribute.kind() == Kind::descriptor ? itself : made_up_.pointer(itself));
        break;
      }
      case Kind::text_pointer:
        writer_.reference(die, attribute.name(), made_up_.text_pointer());
        break;
      case Kind::character:
        writer_.reference(die, attribute.name(), made_up_.character());
        break;
      case Kind::inner:
        if (attribute.number() < inner.size() && inner[attribute.number()] != 0) {
          writer_.reference(die, attribute.name(), inner[attribute.number()]);
        }
        break;
    }
  }

  // Writes the attributes of a record whose own DIE is there already, and its descendants.
  // `skip` says of a descendant at depth 1 whether to leave it out; a subrange whose lower bound is
  // `lower_bound` need not say it where this is written to.
  template <typename Skip>
  void write_record(DwarfWriter::Die die, const Record& record, std::uint64_t lower_bound,
                    Skip skip) {
    std::vector<DwarfWriter::Die>& inner = inner_;
    std::vector<DwarfWriter::Die>& open = open_;
    inner.assign(record.dies.size(), 0);
    open.assign(1, die);
    inner[0] = die;
    unsigned skipped_depth = 0xffff;
    for (std::size_t i = 1; i < record.dies.size(); ++i) {
      const RecordDie& child = record.dies[i];
      if (child.depth > skipped_depth) continue;
      skipped_depth = 0xffff;
      if (child.depth == 1 && skip(child)) {
        skipped_depth = 1;
        continue;
      }
      open.resize(std::min<std::size_t>(child.depth, open.size()));
      inner[i] = writer_.add(open.back(), child.tag);
      open.push_back(inner[i]);
    }
    for (std::size_t i = 0; i < record.dies.size(); ++i) {
      if (inner[i] == 0) continue;
      const RecordDie& from = record.dies[i];
      for (std::uint32_t k = 0; k < from.count; ++k) {
        const RecordAttribute& attribute = record.attributes[from.first + k];
        if (i == 0 && hidden_ &&
            (attribute.name() == DW_AT_name || attribute.name() == DW_AT_linkage_name)) {
          continue;
        }
        if (attribute.name() == DW_AT_lower_bound && is_subrange(from.tag) &&
            attribute.kind() == Kind::number && attribute.number() == lower_bound) {
          continue;  // as its unit's language has it
        }
        write_attribute(inner[i], attribute, inner);
      }
      if (lower_bound != 0 && is_subrange(from.tag) && !has(record, from, DW_AT_lower_bound)) {
        writer_.number(inner[i], DW_AT_lower_bound, 0);
      }
    }
  }

  static bool is_subrange(std::uint16_t tag) {
    return tag == DW_TAG_subrange_type || tag == DW_TAG_generic_subrange;
  }

  static bool has(const Record& record, const RecordDie& die, std::uint16_t name) {
    const auto first = record.attributes.begin() + die.first;
    return std::any_of(first, first + die.count, [name](const RecordAttribute& attribute) {
      return attribute.name() == name;
    });
  }

  void write_type(std::uint32_t index) {
    const Type& type = types_[index];
    if (type.die == 0) return;
    write_passing(type);
    const std::uint64_t lower_bound = unit_of(type).lower_bound;
    write_record(type.die, type.record, lower_bound, [&](const RecordDie& child) {
      if (child.tag != DW_TAG_subprogram) return false;
      // An exported member function is written with its parameters' names instead.
      const std::string_view linkage = text_of(type.record, child, DW_AT_linkage_name);
      return std::any_of(type.methods.begin(), type.methods.end(), [&](std::uint32_t method) {
        return !linkage.empty() && roots_[method].root.symbol == linkage;
      });
    });
  }

  static std::string_view text_of(const Record& record, const RecordDie& die, std::uint16_t name) {
    for (std::uint32_t i = 0; i < die.count; ++i) {
      const RecordAttribute& attribute = record.attributes[die.first + i];
      if (attribute.name() == name) return attribute.text();
    }
    return {};
  }

  void write_roots() {
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < roots_.size(); ++i) order.push_back(i);
    std::stable_sort(order.begin(), order.end(), [this](std::uint32_t a, std::uint32_t b) {
      const Root& left = roots_[a].root;
      const Root& right = roots_[b].root;
      if (left.function != right.function) return left.function;
      if (left.symbol != right.symbol) return left.symbol < right.symbol;
      return left.version < right.version;
    });
    for (const std::uint32_t index : order) write_root(roots_[index]);
  }

  void write_root(const RootDie& entry) {
    const Root& root = entry.root;
    DwarfWriter::Die parent = unit_of(root.die).die;
    if (entry.parent != kNoType && types_[entry.parent].die != 0 &&
        (root.function || !is_class(entry.parent))) {
      parent = types_[entry.parent].die;
    }
    const DwarfWriter::Die die =
        writer_.add(parent, root.function ? DW_TAG_subprogram : DW_TAG_variable);
    const std::string_view own = text_of(root.record, root.record.dies[0], DW_AT_name);
    const bool own_name = root.keep_scope && !own.empty();
    writer_.text(die, DW_AT_name, own_name ? own : root.symbol);
    if (!root.version.empty()) {
      versioned_.push_back(std::string(root.symbol) + "@" + std::string(root.version));
      writer_.text(die, DW_AT_linkage_name, versioned_.back());
    } else if (own_name && own != root.symbol) {
      writer_.text(die, DW_AT_linkage_name, root.symbol);
    }
    writer_.flag(die, DW_AT_external);
    hidden_ = true;
    write_record(die, root.record, 0, [](const RecordDie&) { return false; });
    hidden_ = false;
  }

  const EmitInput& input_;
  Decoder decoder_;
  DwarfWriter writer_;
  MadeUpTypes made_up_;
  std::vector<Unit> units_;
  std::deque<Type> types_;
  std::vector<RootDie> roots_;
  std::vector<std::uint32_t> numbers_;    // of each entity: its number in types_, or kNoType
  std::vector<SpecialMembers> specials_;  // of each entity that stands for those that are the same
  std::vector<DwarfWriter::Die> inner_, open_;  // write_record's, kept for their memory
  std::vector<std::uint32_t> order_;
  std::deque<std::string> versioned_;
  bool hidden_ = false;  // the record's own names are not written: the symbol's are
};

}  // namespace

TypedataSections emit_typedata(const EmitInput& input) {
  return Emitter(input).run();
}

}  // namespace splitstrip
