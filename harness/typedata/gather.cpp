#include "typedata/gather.h"

#include <algorithm>

#include "dwarf/parallel.h"
#include "facts/error.h"
#include "typedata/hash.h"

namespace splitstrip {

std::uint64_t hash_record(const Record& record, std::vector<DieRef>& references) {
  std::uint64_t hash = record.key;
  if (record.parent) {
    hash = mix(hash, 1);
    references.push_back(record.parent);
  }
  for (const RecordDie& die : record.dies) {
    hash = mix(hash, std::uint64_t{die.tag} << 32U | std::uint64_t{die.depth} << 16U | die.count);
    for (std::uint32_t i = 0; i < die.count; ++i) {
      const RecordAttribute& attribute = record.attributes[die.first + i];
      hash = mix(hash, std::uint64_t{attribute.name()} << 8U |
                           static_cast<std::uint64_t>(attribute.kind()));
      switch (attribute.kind()) {
        case RecordAttribute::Kind::number:
        case RecordAttribute::Kind::negative:
        case RecordAttribute::Kind::inner:
          hash = mix(hash, attribute.number());
          break;
        case RecordAttribute::Kind::flag:
        case RecordAttribute::Kind::text_pointer:
        case RecordAttribute::Kind::character:
          break;
        case RecordAttribute::Kind::text:
          hash = hash_text(attribute.text(), hash);
          break;
        case RecordAttribute::Kind::block:
          hash = hash_text(
              {reinterpret_cast<const char*>(attribute.block().data()), attribute.block().size()},
              hash);
          break;
        case RecordAttribute::Kind::descriptor:
        case RecordAttribute::Kind::descriptor_pointer:
          hash = mix(hash, attribute.descriptor_size());
          [[fallthrough]];
        case RecordAttribute::Kind::type:
        case RecordAttribute::Kind::pointer:
          references.push_back(attribute.die());
          break;
      }
    }
  }
  return hash;
}

std::uint32_t Gathered::meant(std::uint32_t index) const {
  // Stubs that stand for each other in a ring mean nothing.
  for (int hops = 0; index != kNone && entities[index].stands; ++hops) {
    if (hops == 16) return kNone;
    index = references[entities[index].first];
  }
  return index;
}

void Gatherer::OffsetMap::grow() {
  std::vector<Slot> old(slots_.empty() ? 16 : slots_.size() * 2);
  old.swap(slots_);
  used_ = 0;
  for (const Slot& slot : old) {
    if (slot.offset != 0) insert(slot.offset, slot.number);
  }
}

std::uint32_t Gatherer::OffsetMap::insert(std::uint32_t offset, std::uint32_t number) {
  if (used_ * 2 >= slots_.size()) grow();
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = (offset * std::size_t{0x9e3779b97f4a7c15}) >> 40U & mask;
  while (slots_[at].offset != 0) {
    if (slots_[at].offset == offset) return slots_[at].number;
    at = (at + 1) & mask;
  }
  slots_[at] = {offset, number};
  ++used_;
  return number;
}

std::uint32_t Gatherer::OffsetMap::find(std::uint32_t offset) const {
  if (slots_.empty()) return Gathered::kNone;
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = (offset * std::size_t{0x9e3779b97f4a7c15}) >> 40U & mask;
  while (slots_[at].offset != 0) {
    if (slots_[at].offset == offset) return slots_[at].number;
    at = (at + 1) & mask;
  }
  return Gathered::kNone;
}

Gatherer::Gatherer(const RawDwarf& dwarf, const std::vector<UnitScan>& scans,
                   const Completions& completions, unsigned threads)
    : dwarf_(dwarf),
      scans_(scans),
      completions_(completions),
      threads_(threads),
      graphs_(dwarf.units().size()) {}

void Gatherer::visit(std::uint32_t unit, std::span<const DieRef> wanted, Decoder& decoder,
                     Record& record) {
  UnitGraph& graph = graphs_[unit];
  auto intern = [&](DieRef die) {
    const auto next = static_cast<std::uint32_t>(graph.entities.size());
    if (graph.numbers.insert(die.offset, next) == next) {
      graph.entities.emplace_back();
      graph.entities.back().die = die;
    }
  };
  for (const DieRef die : wanted) intern(die);
  while (graph.done < graph.entities.size()) {
    const auto first = static_cast<std::uint32_t>(graph.references.size());
    Entity& entity = graph.entities[graph.done++];
    decoder.type(entity.die, record);
    if (record.stands_for) {
      graph.references.push_back(record.stands_for);
      entity.stands = true;
    } else if (record.empty()) {
      graph.references.push_back({});  // stands for nothing
      entity.stands = true;
    } else {
      entity.hash = hash_record(record, graph.references);
      entity.key = record.key;
      entity.special = record.special;
    }
    entity.first = first;
    entity.count = static_cast<std::uint32_t>(graph.references.size()) - first;
    for (std::size_t i = first; i < graph.references.size(); ++i) {
      const DieRef target = graph.references[i];
      if (!target) continue;
      if (target.unit == unit) {
        intern(target);
      } else {
        graph.elsewhere.push_back(target);
      }
    }
  }
}

void Gatherer::run(std::vector<DieRef> roots) {
  struct Batch {
    std::size_t first;
    std::size_t last;
  };
  std::vector<Decoder> decoders(threads_, Decoder(dwarf_, scans_, completions_));
  std::vector<Record> records(threads_);
  std::vector<DieRef> wanted = std::move(roots);
  while (!wanted.empty()) {
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    std::vector<Batch> batches;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (i == 0 || wanted[i].unit != wanted[i - 1].unit) batches.push_back({i, i});
      batches.back().last = i + 1;
    }
    parallel_for(threads_, batches.size(), 1, [&](std::size_t index, unsigned thread) {
      const Batch& batch = batches[index];
      visit(wanted[batch.first].unit,
            std::span(wanted).subspan(batch.first, batch.last - batch.first), decoders[thread],
            records[thread]);
    });
    std::vector<DieRef> next;
    for (const Batch& batch : batches) {
      std::vector<DieRef>& elsewhere = graphs_[wanted[batch.first].unit].elsewhere;
      for (const DieRef die : elsewhere) {
        if (graphs_[die.unit].numbers.find(die.offset) == Gathered::kNone) next.push_back(die);
      }
      elsewhere.clear();
    }
    wanted = std::move(next);
  }
  number_all();
}

void Gatherer::number_all() {
  std::size_t entities = 0;
  std::size_t references = 0;
  std::vector<std::size_t> first_reference(graphs_.size());
  for (std::size_t i = 0; i < graphs_.size(); ++i) {
    graphs_[i].base = static_cast<std::uint32_t>(entities);
    first_reference[i] = references;
    entities += graphs_[i].entities.size();
    references += graphs_[i].references.size();
  }
  if (entities >= Gathered::kNone || references >= Gathered::kNone) {
    throw Error::of("more than 2^32 types are reached; the DWARF is damaged");
  }
  gathered_.entities.resize(entities);
  gathered_.references.resize(references);
  parallel_for(threads_, graphs_.size(), 8, [&](std::size_t index, unsigned) {
    UnitGraph& graph = graphs_[index];
    const std::size_t first = first_reference[index];
    for (std::size_t i = 0; i < graph.entities.size(); ++i) {
      Entity entity = graph.entities[i];
      entity.first += static_cast<std::uint32_t>(first);
      gathered_.entities[graph.base + i] = entity;
    }
    for (std::size_t i = 0; i < graph.references.size(); ++i) {
      gathered_.references[first + i] = find(graph.references[i]);
    }
    std::vector<Entity>().swap(graph.entities);
    std::vector<DieRef>().swap(graph.references);
  });
}

std::uint32_t Gatherer::find(DieRef die) const {
  if (!die) return Gathered::kNone;
  const UnitGraph& graph = graphs_[die.unit];
  const std::uint32_t number = graph.numbers.find(die.offset);
  return number == Gathered::kNone ? number : graph.base + number;
}

}  // namespace splitstrip
