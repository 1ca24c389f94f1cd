// typedata.h as C sees it: no exception leaves it, and no argument is trusted.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>

#include "typedata/library/compare.h"
#include "typedata/library/failure.h"
#include "typedata/library/handle.h"
#include "typedata/library/open.h"
#include "typedata/library/print.h"

#define TYPEDATA_API extern "C" __attribute__((visibility("default")))

namespace {

using namespace splitstrip::library;

void say(typedata_error* error, const char* message) {
  if (error == nullptr) return;
  std::snprintf(error->message, sizeof error->message, "%s", message);
  // One line, whatever a path has in it.
  for (char* at = error->message; *at != '\0'; ++at) {
    if (static_cast<unsigned char>(*at) < ' ') *at = '?';
  }
}

template <typename Open>
typedata_status guarded(typedata** opened, typedata_error* error, Open open) noexcept {
  say(error, "");
  *opened = nullptr;
  try {
    *opened = open().release();
    return TYPEDATA_OK;
  } catch (const Failure& failure) {
    say(error, failure.what());
    return failure.status();
  } catch (const std::bad_alloc&) {
    say(error, "there is no memory left for the types: give the process more");
    return TYPEDATA_UNREADABLE;
  } catch (const std::exception& exception) {
    say(error, exception.what());
    return TYPEDATA_DAMAGED;
  }
}

// Runs what can throw only for want of memory.
template <typename Result, typename Run>
Result or_else(Result otherwise, Run run) noexcept {
  try {
    return run();
  } catch (const std::exception&) {
    return otherwise;
  }
}

std::size_t copy_out(const std::string& from, char* to, std::size_t size) {
  if (size != 0) {
    const std::size_t count = std::min(from.size(), size - 1);
    std::memcpy(to, from.data(), count);
    to[count] = '\0';
  }
  return from.size();
}

typedata_type find_address(const typedata* types, const void* address, const char** symbol,
                           bool function) noexcept {
  return or_else(TYPEDATA_NONE, [&]() -> typedata_type {
    const AddressTable* table = types->addresses();
    const AddressTable::Entry* entry = table == nullptr ? nullptr : table->find(address, function);
    if (entry == nullptr) return TYPEDATA_NONE;
    if (symbol != nullptr) *symbol = entry->symbol;
    return entry->type;
  });
}

typedata_type add(typedata* types, typedata_kind kind, typedata_type target, const char* name,
                  std::uint64_t size, unsigned encoding = 0, unsigned flags = 0,
                  std::uint64_t alignment = 0) noexcept {
  return or_else(TYPEDATA_NONE, [&]() -> typedata_type {
    if (!types->declared) return TYPEDATA_NONE;
    typedata_info info{};
    info.kind = kind;
    info.flags = flags;
    info.encoding = encoding;
    info.target = target;
    info.size = size;
    info.alignment = alignment;
    info.name = name;
    return types->declared->add(info);
  });
}

bool add_item(typedata* types, typedata_type to, const typedata_item& item) noexcept {
  return or_else(false, [&] {
    if (!types->declared->has(item.type)) return false;
    types->declared->add_item(to, item);
    return true;
  });
}

}  // namespace

TYPEDATA_API typedata_status typedata_open(const char* path, unsigned flags, typedata** opened,
                                           typedata_error* error) {
  return guarded(opened, error, [&] { return open_path(path, flags); });
}

TYPEDATA_API typedata_status typedata_open_loaded(const void* address, unsigned flags,
                                                  typedata** opened, typedata_error* error) {
  return guarded(opened, error, [&] { return open_loaded(address, flags); });
}

TYPEDATA_API uintptr_t typedata_module(const void* address) {
  const auto module = LoadedModule::at(address);
  return module ? module->start() : 0;
}

TYPEDATA_API const char* typedata_path(const typedata* types) {
  return types->path.c_str();
}

TYPEDATA_API void typedata_close(typedata* types) {
  delete types;
}

TYPEDATA_API typedata_type typedata_find_function(const typedata* types, const char* symbol) {
  return types->library ? find_symbol(*types->library, symbol, true) : TYPEDATA_NONE;
}

TYPEDATA_API typedata_type typedata_find_object(const typedata* types, const char* symbol) {
  return types->library ? find_symbol(*types->library, symbol, false) : TYPEDATA_NONE;
}

TYPEDATA_API typedata_type typedata_function_at(const typedata* types, const void* address,
                                                const char** symbol) {
  return find_address(types, address, symbol, true);
}

TYPEDATA_API typedata_type typedata_object_at(const typedata* types, const void* address,
                                              const char** symbol) {
  return find_address(types, address, symbol, false);
}

TYPEDATA_API void typedata_each(const typedata* types, typedata_visitor visit, void* context) {
  if (!types->library) return;
  std::vector<DwarfTypes::Named> all;
  try {
    all = types->library->all();
  } catch (const std::exception&) {
    return;
  }
  for (const DwarfTypes::Named& each : all) {
    if (!visit(context, each.symbol, each.type, each.function)) return;
  }
}

TYPEDATA_API typedata_type typedata_find_type(const typedata* types, const char* name) {
  return or_else(TYPEDATA_NONE, [&]() -> typedata_type {
    return *name == '\0' ? TYPEDATA_NONE : types->view().find_type(name);
  });
}

TYPEDATA_API bool typedata_describe(const typedata* types, typedata_type type,
                                    typedata_info* info) {
  return describe(types->view(), type, *info);
}

TYPEDATA_API size_t typedata_items(const typedata* types, typedata_type type, typedata_item* items,
                                   size_t capacity) {
  return types->view().items(type, items, capacity);
}

TYPEDATA_API typedata_type typedata_strip(const typedata* types, typedata_type type, bool aliases) {
  return strip(types->view(), type, aliases);
}

TYPEDATA_API size_t typedata_print(const typedata* types, typedata_type type, const char* name,
                                   char* text, size_t size) {
  return or_else(std::size_t{0}, [&] {
    if (size != 0) *text = '\0';
    return copy_out(print(types->view(), type, name == nullptr ? "" : name), text, size);
  });
}

// ---- Declarations ----

TYPEDATA_API typedata* typedata_new(void) {
  return or_else(static_cast<typedata*>(nullptr), [] {
    auto fresh = std::make_unique<typedata>();
    fresh->declared = std::make_unique<DeclaredTypes>();
    return fresh.release();
  });
}

TYPEDATA_API typedata_type typedata_add_base(typedata* types, const char* name, uint64_t size,
                                             unsigned encoding) {
  return add(types, TYPEDATA_KIND_BASE, TYPEDATA_VOID, name, size, encoding);
}

TYPEDATA_API typedata_type typedata_add_pointer(typedata* types, typedata_type target) {
  return add(types, TYPEDATA_KIND_POINTER, target, "", sizeof(void*));
}

TYPEDATA_API typedata_type typedata_add_alias(typedata* types, const char* name,
                                              typedata_type target) {
  return add(types, TYPEDATA_KIND_ALIAS, target, name, TYPEDATA_UNKNOWN);
}

TYPEDATA_API typedata_type typedata_add_const(typedata* types, typedata_type target) {
  return add(types, TYPEDATA_KIND_CONST, target, "", TYPEDATA_UNKNOWN);
}

TYPEDATA_API typedata_type typedata_add_array(typedata* types, typedata_type element,
                                              uint64_t count) {
  const typedata_type array = add(types, TYPEDATA_KIND_ARRAY, element, "", TYPEDATA_UNKNOWN);
  if (array == TYPEDATA_NONE) return array;
  typedata_item dimension{};
  dimension.value = count > INT64_MAX ? -1 : static_cast<std::int64_t>(count);
  return add_item(types, array, dimension) ? array : TYPEDATA_NONE;
}

TYPEDATA_API typedata_type typedata_add_enum(typedata* types, const char* name, uint64_t size,
                                             bool is_signed) {
  constexpr unsigned signed_encoding = 5;    // DW_ATE_signed
  constexpr unsigned unsigned_encoding = 7;  // DW_ATE_unsigned
  return add(types, TYPEDATA_KIND_ENUM, TYPEDATA_VOID, name, size,
             is_signed ? signed_encoding : unsigned_encoding);
}

TYPEDATA_API typedata_type typedata_add_record(typedata* types, bool is_union, const char* name,
                                               uint64_t size, uint64_t alignment) {
  return add(types, is_union ? TYPEDATA_KIND_UNION : TYPEDATA_KIND_STRUCT, TYPEDATA_VOID, name,
             size, 0, 0, alignment);
}

TYPEDATA_API bool typedata_add_member(typedata* types, typedata_type record, const char* name,
                                      typedata_type type, uint64_t bit_offset, uint64_t bit_size) {
  if (!types->declared || (!types->declared->is(record, TYPEDATA_KIND_STRUCT) &&
                           !types->declared->is(record, TYPEDATA_KIND_UNION))) {
    return false;
  }
  typedata_item item{};
  item.name = name;
  item.type = type;
  item.bit_offset = bit_offset;
  item.bit_size = bit_size;
  return add_item(types, record, item);
}

TYPEDATA_API typedata_type typedata_add_function(typedata* types, typedata_type returns,
                                                 unsigned flags) {
  return add(types, TYPEDATA_KIND_FUNCTION, returns, "", TYPEDATA_UNKNOWN, 0, flags);
}

TYPEDATA_API bool typedata_add_parameter(typedata* types, typedata_type function, const char* name,
                                         typedata_type type) {
  if (!types->declared || !types->declared->is(function, TYPEDATA_KIND_FUNCTION)) return false;
  typedata_item item{};
  item.name = name;
  item.type = type;
  return add_item(types, function, item);
}

// ---- Comparing ----

TYPEDATA_API typedata_verdict typedata_compare(const typedata* library, typedata_type its,
                                               const typedata* declared, typedata_type type,
                                               unsigned flags, char* words, size_t size) {
  if (size != 0) *words = '\0';
  return or_else(TYPEDATA_SAME, [&] {
    Difference found = compare(library->view(), its, declared->view(), type, flags);
    std::replace_if(
        found.words.begin(), found.words.end(),
        [](char c) { return static_cast<unsigned char>(c) < ' '; }, '?');
    copy_out(found.words, words, size);
    return found.verdict;
  });
}
