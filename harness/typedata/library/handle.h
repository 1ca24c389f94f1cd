// What a caller of libtypedata holds.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "typedata/library/address_table.h"
#include "typedata/library/declared_types.h"
#include "typedata/library/dwarf_types.h"
#include "typedata/library/loaded_module.h"

struct typedata {
  std::string path;
  // One of the two.
  std::unique_ptr<splitstrip::library::DwarfTypes> library;
  std::unique_ptr<splitstrip::library::DeclaredTypes> declared;

  const splitstrip::library::TypeView& view() const {
    return library ? static_cast<const splitstrip::library::TypeView&>(*library) : *declared;
  }

  // nullptr unless it was opened by an address. The first call makes the table.
  const splitstrip::library::AddressTable* addresses() const;

  std::optional<splitstrip::library::LoadedModule> module;
  splitstrip::library::SymbolSections symbols;  // of an opened module

 private:
  mutable std::once_flag addresses_made_;
  mutable std::unique_ptr<splitstrip::library::AddressTable> addresses_;
};
