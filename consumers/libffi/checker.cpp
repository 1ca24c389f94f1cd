#include "consumers/libffi/checker.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

#include <unistd.h>

#include "consumers/libffi/declared.h"
#include "consumers/libffi/ffi_typesafe.h"
#include "consumers/libffi/fit.h"
#include "consumers/libffi/items.h"
#include "consumers/libffi/quirks.h"
#include "consumers/libffi/shape.h"

namespace splitstrip::ffi {
namespace {

constexpr std::chrono::seconds longest_wait{5};

thread_local bool examining = false;

struct Examining {
  Examining() { examining = true; }
  ~Examining() { examining = false; }
  Examining(const Examining&) = delete;
  Examining& operator=(const Examining&) = delete;
};

std::string prototype(const FoundFunction& function) {
  char text[512];
  const std::size_t length =
      typedata_print(function.types, function.type, function.symbol, text, sizeof text);
  return length < sizeof text ? text : std::string(text) + "…";
}

typedata_info described(const FoundFunction& function) {
  typedata_info info;
  typedata_describe(function.types, typedata_strip(function.types, function.type, true), &info);
  return info;
}

// A cif without the arguments that the function does not take.
ffi_cif as_many_as_it_takes(const ffi_cif& cif, const FoundFunction& function) {
  ffi_cif fewer = cif;
  fewer.nargs =
      static_cast<unsigned>(std::min<std::uint64_t>(cif.nargs, described(function).count));
  return fewer;
}

// As many fixed arguments as the function would have.
unsigned excused(const FoundFunction& function, const ffi_cif& cif) {
  const typedata_info info = described(function);
  const bool variadic = (info.flags & TYPEDATA_VARIADIC) != 0 && info.count <= cif.nargs;
  return variadic ? static_cast<unsigned>(info.count) : FFI_TYPESAFE_ALL_FIXED;
}

std::string where(const FoundFunction& function) {
  return std::string(function.symbol) + " (" + typedata_path(function.types) + "): ";
}

bool takes_callbacks(const FoundFunction& function) {
  const typedata_type plain = typedata_strip(function.types, function.type, true);
  return std::ranges::any_of(items_of(function.types, plain), [&](const typedata_item& parameter) {
    return callback_of(function.types, parameter.type) != TYPEDATA_NONE;
  });
}

}  // namespace

// The C library's list of objects has a lock that fork() leaves as it is (glibc 2.36): held by a
// thread that the child has not got, it is held there forever.
std::uint64_t Checker::unloads_so_far() {
  asking_.fetch_add(1);
  while (forking_.load()) {
    asking_.fetch_sub(1);
    while (forking_.load()) std::this_thread::yield();
    asking_.fetch_add(1);
  }
  const std::uint64_t unloaded = loads_so_far().unloaded;
  asking_.fetch_sub(1);
  return unloaded;
}

void Checker::look_for_unloads() {
  const std::uint64_t unloaded = unloads_so_far();
  if (unloaded_.exchange(unloaded) != unloaded) something_unloaded();
}

void Checker::before_fork() {
  turn_.lock();
  forking_process_ = getpid();
  forking_.store(true);
  while (asking_.load() != 0) std::this_thread::yield();
  closures_.before_fork();
}

void Checker::after_fork() {
  closures_.after_fork();
  // In the child nobody else asks: who was counted between two looks is not there.
  if (getpid() != forking_process_) asking_.store(0);
  forking_.store(false);
  turn_.unlock();
}

// Once for each function and mistake, whatever else the calls differ in.
Finding Checker::keep(std::uint64_t key, Finding finding, const std::string& mistake) {
  if (finding.known == Known::mismatch)
    finding.first = told_.insert(std::hash<std::string>{}(mistake)).second;
  verdicts_.keep(key, finding.known);
  return finding;
}

Finding Checker::find(const ffi_cif& cif, unsigned fixed, const FoundFunction& found,
                      std::uint64_t key, const void* caller) {
  // It is not known where too many cifs were prepared, and PyPy does not tell (quirks.h).
  const bool told = fixed != 0 && (tells_variadic_ || fixed != FFI_TYPESAFE_ALL_FIXED);
  if (fixed == PreparedCifs::forgotten || !told) fixed = excused(found, cif);
  std::string words = misfit(found.types, found.type, cif, fixed);
  if (!words.empty() && is_gobject(caller))
    words = misfit(found.types, found.type, as_many_as_it_takes(cif, found), fixed);
  if (words.empty())
    return keep(key, {takes_callbacks(found) ? Known::callbacks : Known::fits, {}});
  const std::string mistake = where(found) + words;
  if (cif.rtype->type == FFI_TYPE_SINT32 && words.starts_with("return value") && is_python())
    words += "; where nothing is declared, ctypes takes an int";
  return keep(key,
              {Known::mismatch, where(found) + words + "; it is " + prototype(found) +
                                    ", called as " + as_c(cif, fixed, found.symbol)},
              mistake);
}

Finding Checker::find_callback(const FoundFunction& found, unsigned argument,
                               const ffi_cif& closure, std::uint64_t key) {
  const std::vector<typedata_item> parameters =
      items_of(found.types, typedata_strip(found.types, found.type, true));
  if (argument >= parameters.size()) return keep(key, {Known::fits, {}});
  const typedata_type callback = callback_of(found.types, parameters[argument].type);
  if (callback == TYPEDATA_NONE) return keep(key, {Known::fits, {}});
  const std::string words = callback_misfit(found.types, callback, closure);
  if (words.empty()) return keep(key, {Known::fits, {}});
  const std::string mistake = where(found) + "the function given as argument " +
                              std::to_string(argument + 1) + ": " + words;
  return keep(key,
              {Known::mismatch, mistake + "; it is " + prototype(found) + ", given " +
                                    as_c(closure, FFI_TYPESAFE_ALL_FIXED, "callback")},
              mistake);
}

template <typename Find>
auto Checker::in_turn(const void* function, Find find) -> std::optional<Finding> {
  if (examining) return std::nullopt;
  const Examining here;
  const std::unique_lock turn(turn_, longest_wait);
  if (!turn) return std::nullopt;
  look_for_unloads();
  if (const std::uint32_t now = generation_.load(); now != validated_) {
    libraries_.revalidate();
    validated_ = now;
  }
  return find(libraries_.find(function));
}

Finding Checker::examine(const ffi_cif& cif, unsigned fixed, const void* function,
                         std::uint64_t key, const void* caller) {
  // The key is of what was loaded when it was made: if that has changed, nobody asks for it again.
  return in_turn(function,
                 [&](const FoundFunction& found) {
                   if (found.types != nullptr) return find(cif, fixed, found, key, caller);
                   // Where no library is now, one may come without another going.
                   const Finding unknown{Known::unknown, {}};
                   return found.in_a_library ? keep(key, unknown) : unknown;
                 })
      .value_or(Finding{Known::unknown, {}});
}

std::uint64_t Checker::callback_key(std::uint64_t call, unsigned argument, const ffi_cif& closure) {
  return mix(mix(call, argument + 1), shape_of(closure, FFI_TYPESAFE_ALL_FIXED));
}

Finding Checker::examine_callback(const void* function, unsigned argument, const ffi_cif& closure,
                                  std::uint64_t key) {
  return in_turn(function,
                 [&](const FoundFunction& found) {
                   return found.types != nullptr ? find_callback(found, argument, closure, key)
                                                 : Finding{Known::unknown, {}};
                 })
      .value_or(Finding{Known::unknown, {}});
}

bool Checker::visit(const void* function,
                    const std::function<void(const FoundFunction&)>& visitor) {
  return in_turn(function,
                 [&](const FoundFunction& found) {
                   visitor(found);
                   return Finding{};
                 })
      .has_value();
}

}  // namespace splitstrip::ffi
