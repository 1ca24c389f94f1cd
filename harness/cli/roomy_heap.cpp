#include "cli/roomy_heap.h"

#include <climits>
#include <cstdint>
#include <cstdlib>

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

namespace splitstrip {

void make_heap_roomy() {
  constexpr int step = 32 << 20;
  constexpr std::uintptr_t huge_page = std::uintptr_t{2} << 20;
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, INT_MAX);
  mallopt(M_TOP_PAD, step);
  const auto begin = (reinterpret_cast<std::uintptr_t>(sbrk(0)) + huge_page - 1) & ~(huge_page - 1);
  // More than the heap has, so it takes its first step; volatile, or the compiler leaves both calls out.
  void* volatile block = std::malloc(1 << 20);
  std::free(block);
  const auto end = reinterpret_cast<std::uintptr_t>(sbrk(0)) & ~(huge_page - 1);
  // Refused, it is as slow as before.
  if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
}

}  // namespace splitstrip
