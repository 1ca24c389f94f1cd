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
  std::free(std::malloc(1 << 20));  // more than the heap has: it takes its first step
  const auto end = reinterpret_cast<std::uintptr_t>(sbrk(0)) & ~(huge_page - 1);
  // Refused, it is as slow as before.
  if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
}

}  // namespace splitstrip
