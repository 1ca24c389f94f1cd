// Work over an index range on several threads.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <thread>
#include <vector>

namespace splitstrip {

// Calls work(index, thread) once for each index below `count`, in chunks of `chunk` that threads
// take as they come; `thread` is below `threads`. The order is not defined, so work must put its
// result where only that index writes. The first exception is thrown again when all have ended.
template <typename Work>
void parallel_for(unsigned threads, std::size_t count, std::size_t chunk, Work work) {
  if (threads <= 1 || count <= chunk) {
    for (std::size_t i = 0; i < count; ++i) work(i, 0U);
    return;
  }
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  std::exception_ptr failure;
  auto run = [&](unsigned thread) {
    try {
      while (!failed.load(std::memory_order_relaxed)) {
        const std::size_t first = next.fetch_add(chunk);
        if (first >= count) return;
        const std::size_t last = first + chunk < count ? first + chunk : count;
        for (std::size_t i = first; i < last; ++i) work(i, thread);
      }
    } catch (...) {
      if (!failed.exchange(true)) failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> others;
    others.reserve(threads - 1);
    for (unsigned thread = 1; thread < threads; ++thread) others.emplace_back(run, thread);
    run(0);
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace splitstrip
