// Checks calls, and remembers what it found out.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_set>

#include <ffi.h>
#include <sys/types.h>

#include "consumers/libffi/closures.h"
#include "consumers/libffi/libraries.h"
#include "consumers/libffi/prepared_cifs.h"
#include "consumers/libffi/shape.h"
#include "consumers/libffi/verdicts.h"

namespace splitstrip::ffi {

struct Finding {
  Known known = Known::fits;
  std::string
      words;  // of a mismatch: the function, where it differs, the prototype, what is passed
  bool first = true;  // of this function, a mismatch not told of before
};

// All threads share one. quick() neither locks nor allocates; examine() is for what quick() does
// not know.
class Checker {
 public:
  // `tells_variadic`: whoever prepares cifs here uses ffi_prep_cif_var() for variadic calls.
  Checker(bool or_debuginfo, bool tells_variadic)
      : tells_variadic_(tells_variadic), libraries_(or_debuginfo) {}

  // Identifies a call: the function, the shape of the cif, and the libraries as they are loaded
  // now.
  std::uint64_t key(const ffi_cif& cif, unsigned fixed, const void* function) const {
    const std::uint64_t call = shape_of(cif, fixed) ^ reinterpret_cast<std::uintptr_t>(function);
    return mix(call, generation_.load(std::memory_order_acquire) * factors[0]);
  }
  std::optional<Known> quick(std::uint64_t key) const { return verdicts_.look(key); }

  // Asks the library. Within itself (a signal handler), and if it does not get its turn within five
  // seconds (a thread holds the loader's lock and waits for us), it answers `unknown` and forgets
  // it. `caller` is an address in who calls, or null: a few have their own ways (quirks.h).
  Finding examine(const ffi_cif& cif, unsigned fixed, const void* function, std::uint64_t key,
                  const void* caller);

  // The same for a closure that a call hands over as one of its arguments. `call` is the call's own
  // key.
  static std::uint64_t callback_key(std::uint64_t call, unsigned argument, const ffi_cif& closure);
  Finding examine_callback(const void* function, unsigned argument, const ffi_cif& closure,
                           std::uint64_t key);

  // Calls back with the function, whose types live as long as the callback runs. false: no turn, as
  // above.
  bool visit(const void* function, const std::function<void(const FoundFunction&)>& visitor);

  // A library may have gone: nothing that was found out counts any more.
  void something_unloaded() { generation_.fetch_add(1); }

  // Looks whether one has gone, where something_unloaded() is not told of it.
  void look_for_unloads();

  PreparedCifs& cifs() { return cifs_; }
  Closures& closures() { return closures_; }

  // Around fork(), so that the child's is not locked by a thread that it does not have.
  void before_fork();
  void after_fork();

 private:
  Finding find(const ffi_cif& cif, unsigned fixed, const FoundFunction& found, std::uint64_t key,
               const void* caller);
  Finding find_callback(const FoundFunction& found, unsigned argument, const ffi_cif& closure,
                        std::uint64_t key);
  Finding keep(std::uint64_t key, Finding finding, const std::string& mistake = {});
  std::uint64_t unloads_so_far();
  // Calls with the function when it is this thread's turn; nothing if it does not come.
  template <typename Find>
  std::optional<Finding> in_turn(const void* function, Find find);

  const bool tells_variadic_;
  Verdicts verdicts_;
  PreparedCifs cifs_;
  Closures closures_;
  std::atomic<std::uint32_t> generation_{1};
  std::atomic<std::uint64_t> unloaded_{0};
  std::atomic<unsigned> asking_{0};   // threads that look at the list of loaded objects …
  std::atomic<bool> forking_{false};  // … which wait while one forks
  std::timed_mutex turn_;             // for what follows
  pid_t forking_process_ = 0;
  Libraries libraries_;
  std::uint32_t validated_ = 1;
  std::unordered_set<std::size_t> told_;  // hashes of mistakes
};

}  // namespace splitstrip::ffi
