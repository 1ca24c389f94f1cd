#include "dwarf/writer.h"

#include <algorithm>
#include <unordered_map>

#include <dwarf.h>

#include "facts/error.h"

namespace splitstrip {
namespace {

void put_uleb(std::string& out, std::uint64_t value) {
  do {
    const auto low = static_cast<std::uint8_t>(value & 0x7f);
    value >>= 7U;
    out.push_back(static_cast<char>(value != 0 ? low | 0x80 : low));
  } while (value != 0);
}

void put_sleb(std::string& out, std::int64_t value) {
  while (true) {
    const auto low = static_cast<std::uint8_t>(value & 0x7f);
    value >>= 7;
    const bool last = (value == 0 && (low & 0x40) == 0) || (value == -1 && (low & 0x40) != 0);
    out.push_back(static_cast<char>(last ? low : low | 0x80));
    if (last) return;
  }
}

void put_sized(std::string& out, std::uint64_t value, unsigned size, bool big_endian) {
  for (unsigned i = 0; i < size; ++i) {
    const unsigned shift = 8 * (big_endian ? size - 1 - i : i);
    out.push_back(static_cast<char>(value >> shift & 0xff));
  }
}

std::uint64_t uleb_size(std::uint64_t value) {
  std::uint64_t size = 1;
  while (value >= 0x80) {
    value >>= 7U;
    ++size;
  }
  return size;
}

std::uint64_t sleb_size(std::int64_t value) {
  std::string bytes;
  put_sleb(bytes, value);
  return bytes.size();
}

// Numbers with so few values over all DIEs of a tag that an abbreviation for each is cheaper than a
// byte in each DIE.
bool hardly_varies(std::uint16_t tag, std::uint16_t name) {
  switch (name) {
    case DW_AT_byte_size:
      return tag != DW_TAG_structure_type && tag != DW_TAG_class_type && tag != DW_TAG_union_type;
    case DW_AT_encoding:
    case DW_AT_accessibility:
    case DW_AT_virtuality:
    case DW_AT_calling_convention:
    case DW_AT_language:
    case DW_AT_ordering:
    case DW_AT_endianity:
      return true;
    default:
      return false;
  }
}

}  // namespace

DwarfWriter::DwarfWriter() {
  add_unit();
}

DwarfWriter::Die DwarfWriter::add_unit() {
  const auto die = static_cast<Die>(nodes_.size());
  Node& node = nodes_.emplace_back();
  node.tag = DW_TAG_compile_unit;
  node.unit = static_cast<std::uint32_t>(units_.size());
  units_.push_back({die});
  return die;
}

void DwarfWriter::reserve(std::size_t dies, std::size_t attributes) {
  nodes_.reserve(nodes_.size() + dies);
  attributes_.reserve(attributes_.size() + attributes);
}

DwarfWriter::Die DwarfWriter::add(Die parent, std::uint16_t tag) {
  const auto die = static_cast<Die>(nodes_.size());
  nodes_.emplace_back().tag = tag;
  Node& above = nodes_[parent];
  nodes_.back().unit = above.unit;
  (above.last_child == 0 ? above.first_child : nodes_[above.last_child].next) = die;
  above.last_child = die;
  return die;
}

DwarfWriter::Attribute& DwarfWriter::add_attribute(Die die, std::uint16_t name, Kind kind) {
  Node& node = nodes_[die];
  if (node.attributes == 0) node.first_attribute = static_cast<std::uint32_t>(attributes_.size());
  ++node.attributes;
  Attribute& attribute = attributes_.emplace_back();
  attribute.name = name;
  attribute.kind = kind;
  return attribute;
}

void DwarfWriter::number(Die die, std::uint16_t name, std::uint64_t value) {
  add_attribute(die, name, Kind::number).value = value;
}

void DwarfWriter::negative(Die die, std::uint16_t name, std::int64_t value) {
  add_attribute(die, name, Kind::negative).value = static_cast<std::uint64_t>(value);
}

void DwarfWriter::flag(Die die, std::uint16_t name) {
  add_attribute(die, name, Kind::flag);
}

void DwarfWriter::text(Die die, std::uint16_t name, std::string_view value) {
  Attribute& attribute = add_attribute(die, name, Kind::text);
  attribute.value = reinterpret_cast<std::uintptr_t>(value.data());
  attribute.size = static_cast<std::uint32_t>(value.size());
}

void DwarfWriter::block(Die die, std::uint16_t name, ByteSpan value, bool plain) {
  Attribute& attribute = add_attribute(die, name, plain ? Kind::plain : Kind::block);
  attribute.value = reinterpret_cast<std::uintptr_t>(value.data());
  attribute.size = static_cast<std::uint32_t>(value.size());
}

void DwarfWriter::reference(Die die, std::uint16_t name, Die target) {
  add_attribute(die, name, Kind::reference).value = target;
}

void DwarfWriter::choose_forms() {
  for (const Node& node : nodes_) {
    for (Attribute& attribute : of(node)) {
      switch (attribute.kind) {
        case Kind::number:
          attribute.form =
              attribute.value <= 0x7fffffffffffffff && hardly_varies(node.tag, attribute.name)
                  ? DW_FORM_implicit_const
                  : DW_FORM_udata;
          break;
        case Kind::negative:
          attribute.form = DW_FORM_sdata;
          break;
        case Kind::flag:
          attribute.form = DW_FORM_flag_present;
          break;
        case Kind::text:
          attribute.form = DW_FORM_string;
          break;
        case Kind::block:
          attribute.form = DW_FORM_exprloc;
          break;
        case Kind::plain:
          attribute.form = DW_FORM_block;
          break;
        case Kind::reference:
          attribute.form =
              nodes_[attribute.value].unit == node.unit ? DW_FORM_ref_udata : DW_FORM_ref_addr;
          break;
      }
    }
  }
}

// Whether two DIEs have the same abbreviation: all but the values.
bool DwarfWriter::same_shape(const Node& a, const Node& b) const {
  if (a.tag != b.tag || a.attributes != b.attributes ||
      (a.first_child == 0) != (b.first_child == 0)) {
    return false;
  }
  for (std::uint32_t i = 0; i < a.attributes; ++i) {
    const Attribute& left = attributes_[a.first_attribute + i];
    const Attribute& right = attributes_[b.first_attribute + i];
    if (left.name != right.name || left.form != right.form) return false;
    if (left.form == DW_FORM_implicit_const && left.value != right.value) return false;
  }
  return true;
}

std::uint64_t DwarfWriter::shape_hash(const Node& node) const {
  constexpr std::uint64_t kFactor = 0x9e3779b97f4a7c15;
  std::uint64_t hash =
      (std::uint64_t{node.tag} << 1U | (node.first_child != 0 ? 1U : 0U)) * kFactor;
  for (const Attribute& attribute : of(node)) {
    std::uint64_t word = std::uint64_t{attribute.name} << 8U | attribute.form;
    if (attribute.form == DW_FORM_implicit_const) word ^= attribute.value << 24U;
    hash = (hash ^ word ^ hash >> 29U) * kFactor;
  }
  return hash;
}

void DwarfWriter::number_abbrevs(std::string& section) {
  // The most used shapes get the lowest codes; equal ones the order of their bytes.
  struct Shape {
    Die first = 0;  // a DIE that has it
    std::uint32_t uses = 0;
    std::uint32_t code = 0;
    std::string bytes;
  };
  std::vector<Shape> shapes;
  std::unordered_multimap<std::uint64_t, std::uint32_t> by_hash;
  for (Die die = 0; die < nodes_.size(); ++die) {
    Node& node = nodes_[die];
    const std::uint64_t hash = shape_hash(node);
    auto [known, last] = by_hash.equal_range(hash);
    while (known != last && !same_shape(nodes_[shapes[known->second].first], node)) ++known;
    if (known == last) {
      known = by_hash.emplace(hash, static_cast<std::uint32_t>(shapes.size()));
      shapes.push_back({die, 0, 0, {}});
    }
    ++shapes[known->second].uses;
    node.abbrev = known->second;
  }
  std::vector<Shape*> order;
  for (Shape& shape : shapes) {
    const Node& node = nodes_[shape.first];
    put_uleb(shape.bytes, node.tag);
    shape.bytes.push_back(node.first_child != 0 ? 1 : 0);
    for (const Attribute& attribute : of(node)) {
      put_uleb(shape.bytes, attribute.name);
      put_uleb(shape.bytes, attribute.form);
      if (attribute.form == DW_FORM_implicit_const) {
        put_sleb(shape.bytes, static_cast<std::int64_t>(attribute.value));
      }
    }
    shape.bytes.append(2, '\0');
    order.push_back(&shape);
  }
  std::sort(order.begin(), order.end(), [](const Shape* a, const Shape* b) {
    return a->uses != b->uses ? a->uses > b->uses : a->bytes < b->bytes;
  });
  std::uint32_t code = 0;
  for (Shape* shape : order) {
    shape->code = ++code;
    put_uleb(section, shape->code);
    section += shape->bytes;
  }
  for (Node& node : nodes_) node.abbrev = shapes[node.abbrev].code;
  section.push_back('\0');
}

// Calls visit(die, true) when a DIE of the unit begins and visit(die, false) where its children
// end.
template <typename Visit>
void DwarfWriter::in_order(Die unit, Visit visit) const {
  std::vector<Die> open;
  Die die = unit;
  while (true) {
    visit(die, true);
    if (nodes_[die].first_child != 0) {
      open.push_back(die);
      die = nodes_[die].first_child;
      continue;
    }
    while (die == unit || nodes_[die].next == 0) {
      if (open.empty()) return;
      die = open.back();
      open.pop_back();
      visit(die, false);
    }
    die = nodes_[die].next;
  }
}

std::uint64_t DwarfWriter::attribute_size(const Attribute& attribute) const {
  switch (attribute.form) {
    case DW_FORM_udata:
      return uleb_size(attribute.value);
    case DW_FORM_sdata:
      return sleb_size(static_cast<std::int64_t>(attribute.value));
    case DW_FORM_string:
      return attribute.size + 1;
    case DW_FORM_exprloc:
    case DW_FORM_block:
      return uleb_size(attribute.size) + attribute.size;
    case DW_FORM_ref_udata:
      return uleb_size(nodes_[attribute.value].offset);
    case DW_FORM_ref_addr:
      return 4;
    default:
      return 0;
  }
}

// Where each DIE lies depends on how long the references before it are, and those on where DIEs
// lie. Offsets only grow from one round to the next, so that it ends.
void DwarfWriter::place(std::uint64_t header) {
  // What does not change from round to round.
  std::vector<std::uint32_t> fixed(nodes_.size());
  std::vector<Die> order;
  order.reserve(nodes_.size() * 2);
  constexpr Die kEnd = 0xffffffff;
  std::uint64_t begin = 0;
  for (Unit& unit : units_) {
    order.clear();
    in_order(unit.die, [&](Die die, bool begins) {
      order.push_back(begins ? die : kEnd);
      if (!begins) return;
      std::uint64_t size = uleb_size(nodes_[die].abbrev);
      for (const Attribute& attribute : of(nodes_[die])) {
        if (attribute.form != DW_FORM_ref_udata) size += attribute_size(attribute);
      }
      fixed[die] = static_cast<std::uint32_t>(size);
    });
    unit.begin = begin;
    std::uint64_t offset = 0;
    for (bool changed = true; changed;) {
      changed = false;
      offset = header;
      for (const Die die : order) {
        if (die == kEnd) {
          ++offset;
          continue;
        }
        Node& node = nodes_[die];
        if (offset > node.offset) {
          node.offset = static_cast<std::uint32_t>(offset);
          changed = true;
        }
        offset = std::uint64_t{node.offset} + fixed[die];
        for (const Attribute& attribute : of(node)) {
          if (attribute.form == DW_FORM_ref_udata) {
            offset += uleb_size(nodes_[attribute.value].offset);
          }
        }
      }
      if (begin + offset > 0xffffff00) throw Error::of("the types take more than 4 GiB");
    }
    begin += offset;
  }
}

void DwarfWriter::emit(Die unit, bool big_endian, std::string& out) const {
  in_order(unit, [&](Die die, bool begins) {
    if (!begins) {
      out.push_back('\0');
      return;
    }
    const Node& node = nodes_[die];
    put_uleb(out, node.abbrev);
    for (const Attribute& attribute : of(node)) {
      const auto* bytes = reinterpret_cast<const char*>(attribute.value);
      switch (attribute.form) {
        case DW_FORM_udata:
          put_uleb(out, attribute.value);
          break;
        case DW_FORM_sdata:
          put_sleb(out, static_cast<std::int64_t>(attribute.value));
          break;
        case DW_FORM_string:
          out.append(bytes, attribute.size);
          out.push_back('\0');
          break;
        case DW_FORM_exprloc:
        case DW_FORM_block:
          put_uleb(out, attribute.size);
          out.append(bytes, attribute.size);
          break;
        case DW_FORM_ref_udata:
          put_uleb(out, nodes_[attribute.value].offset);
          break;
        case DW_FORM_ref_addr: {
          const Node& target = nodes_[attribute.value];
          put_sized(out, units_[target.unit].begin + target.offset, 4, big_endian);
          break;
        }
        default:
          break;
      }
    }
  });
}

DwarfWriter::Sections DwarfWriter::write(unsigned address_size, bool big_endian) {
  constexpr std::uint64_t kHeader = 12;  // 32-bit DWARF 5, DW_UT_compile
  Sections sections;
  choose_forms();
  number_abbrevs(sections.abbrev);
  place(kHeader);
  std::string& info = sections.info;
  info.reserve(units_.back().begin + nodes_.back().offset + 4096);
  for (const Unit& unit : units_) {
    std::string body;
    emit(unit.die, big_endian, body);
    put_sized(info, body.size() + kHeader - 4, 4, big_endian);
    put_sized(info, 5, 2, big_endian);
    info.push_back(DW_UT_compile);
    info.push_back(static_cast<char>(address_size));
    put_sized(info, 0, 4, big_endian);  // .debug_abbrev offset
    info += body;
  }
  return sections;
}

}  // namespace splitstrip
