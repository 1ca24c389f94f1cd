#include "consumers/libffi/shared.h"

#include <dlfcn.h>
#include <pthread.h>

#include "consumers/libffi/policy.h"

namespace splitstrip::ffi {
namespace {

// PyPy has a name that no other program has.
bool is_pypy() {
  return dlsym(RTLD_DEFAULT, "pypy_main_startup") != nullptr;
}

Checker* make() {
  pthread_atfork([] { shared_checker().before_fork(); }, [] { shared_checker().after_fork(); },
                 [] { shared_checker().after_fork(); });
  return new Checker(settings().debuginfo, !is_pypy());
}

}  // namespace

Checker& shared_checker() {
  static Checker* const checker = make();
  return *checker;
}

}  // namespace splitstrip::ffi
