// For the tests: a library with frames of every kind that a stack can be made up for.
#pragma once

namespace splitstrip::synth {

inline constexpr const char* many_frames = R"(
#include <alloca.h>
#include <stdlib.h>
#include <string.h>
struct big { long words[12]; };
extern int outside(void *, long);
static __attribute__((noinline)) int leaf(int a, double b) { return outside(&a, (long)b) + a; }
static inline int inlined(int a) { int twice = 2 * a; return leaf(twice, 0.5) + outside(&twice, a); }
__attribute__((noinline)) int plain(int a, struct big *b) { int c = inlined(a); return c + leaf(a, c) + outside(b, c); }
/* CFA = rbp + 16 */
int of_any_size(int n) { char *p = alloca(n); memset(p, 1, n); return outside(p, n) + plain(n, 0); }
/* CFA = *(rbp - 8): the stack is realigned */
int realigned(int n) {
  struct { char c[64]; } __attribute__((aligned(64))) room;
  char *p = alloca(n);
  outside(&room, n);
  return outside(p, n) + plain(n, 0);
}
/* a large frame, and arguments on the stack */
int large(int n, struct big by_value) { char room[70000]; outside(room, n); return outside(&by_value, n) + realigned(n); }
int through_pointer(int (*f)(int), int n) { return f(n) + f(n + 1); }
/* nothing behind the call */
_Noreturn void last(int n) { of_any_size(n); abort(); }
)";

}  // namespace splitstrip::synth
