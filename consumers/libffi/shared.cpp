#include "consumers/libffi/shared.h"

#include <pthread.h>

#include "consumers/libffi/policy.h"
#include "consumers/libffi/quirks.h"

namespace splitstrip::ffi {
namespace {

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
