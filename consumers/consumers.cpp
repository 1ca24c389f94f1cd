#include "consumers/consumers.h"

#include "consumers/abigail/abigail.h"
#include "consumers/binutils/binutils.h"
#include "consumers/bpftrace/bpftrace.h"
#include "consumers/ctypes/ctypes.h"
#include "consumers/drgn/drgn.h"
#include "consumers/elfutils/elfutils.h"
#include "consumers/gdb/gdb.h"
#include "consumers/gdbserver/gdbserver.h"
#include "consumers/libdw/libdw.h"
#include "consumers/lldb/lldb.h"
#include "consumers/llvm/llvm.h"
#include "consumers/pahole/pahole.h"
#include "consumers/perf/perf.h"
#include "consumers/pypy/pypy.h"
#include "consumers/rr/rr.h"
#include "consumers/systemtap/systemtap.h"
#include "consumers/valgrind/valgrind.h"

namespace splitstrip {

std::vector<std::unique_ptr<Consumer>> all_consumers() {
  std::vector<std::unique_ptr<Consumer>> list;
  list.push_back(make_gdb());
  list.push_back(make_elfutils());
  list.push_back(make_abigail());
  list.push_back(make_valgrind());
  list.push_back(make_systemtap());
  list.push_back(make_libdw());
  list.push_back(make_gdbserver());
  list.push_back(make_lldb());
  list.push_back(make_drgn());
  list.push_back(make_binutils());
  list.push_back(make_llvm());
  list.push_back(make_pahole());
  list.push_back(make_perf());
  list.push_back(make_bpftrace());
  list.push_back(make_rr());
  list.push_back(make_ctypes());
  list.push_back(make_pypy());
  return list;
}

}  // namespace splitstrip
