/* What crash cases must not rest on. Each of these ends otherwise somewhere (control/cases.toml): a run that does not
 * see it is no test of the others. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const long forty = 40;

static uint64_t masked(uint64_t handle) {
  return handle ^ UINT64_C(0x5eed000000000000);
}

/* A handle that is good in every place. */
uint64_t control_handle(void) {
  return masked((uintptr_t)&forty);
}

long control_add(uint64_t first, uint64_t second) {
  return *(const long *)(uintptr_t)masked(first) + *(const long *)(uintptr_t)masked(second);
}

double control_product(double first, double nothing, double third) {
  (void)nothing;
  return first * third;
}

static size_t (*kept)(int index);

void control_keep(size_t (*measure)(int index)) {
  kept = measure;
}

size_t control_ask(int index) {
  return kept(index);
}

/* A byte in the middle of memory that was not written to since it was given back; of more than what a thread keeps for
 * itself, which is not perturbed. */
int control_left_over(void) {
  unsigned char *memory = malloc(3000);
  memset(memory, 7, 3000);
  __asm__ volatile("" : : "r"(memory) : "memory");
  free(memory);
  memory = malloc(3000);
  __asm__ volatile("" : : "r"(memory) : "memory");
  const int byte = memory[500];
  free(memory);
  return byte;
}

/* Frees twice, another one in between. */
void control_free_twice(void) {
  char *volatile first = malloc(40);
  char *volatile second = malloc(40);
  free(first);
  free(second);
  free(first);
}

extern char **environ;

/* How much lies on the stack above the environment's table. */
size_t control_environment(void) {
  size_t bytes = 0;
  for (char **each = environ; *each != NULL; ++each) bytes += strlen(*each) + 1;
  return bytes;
}

/* Family, model and stepping of the processor. */
unsigned control_processor(void) {
#if defined(__x86_64__)
  unsigned eax = 1, ebx, ecx = 0, edx;
  __asm__ volatile("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
  return eax;
#else
  return 0;
#endif
}
