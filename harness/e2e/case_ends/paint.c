/* Preloaded under an interpreter: paints what a call may find that nobody put there. Before each ffi_call() the stack
 * that it is about to use, and the registers of floating point, hold $CASE_ENDS_PAINT:
 *
 *   0x3ff0000000000000   this number
 *   last                 what the call before returned: a handle that is good elsewhere
 *   readable             the address of a page that can be read, and is full of its own address
 *
 * A case that depends on any of that ends otherwise under one paint or another. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <ffi.h>

enum { page_size = 4096, painted_words = 1024 };

static uint64_t last;

static uint64_t readable(void) {
  static uint64_t *page;
  if (page == NULL) {
    page = mmap(NULL, page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) abort();
    for (size_t i = 0; i < page_size / sizeof *page; ++i) page[i] = (uintptr_t)page;
  }
  return (uintptr_t)page;
}

static uint64_t paint(void) {
  const char *word = getenv("CASE_ENDS_PAINT");
  char *end = NULL;
  if (word != NULL && strcmp(word, "last") == 0) return last;
  if (word != NULL && strcmp(word, "readable") == 0) return readable();
  const uint64_t number = word != NULL ? strtoull(word, &end, 16) : 0;
  if (word != NULL && end != word && *end == '\0') return number;
  fprintf(stderr, "CASE_ENDS_PAINT: %s is no paint; see paint.c\n", word != NULL ? word : "(nothing)");
  abort();
}

static __attribute__((noinline)) void spread(uint64_t paint) {
  uint64_t stack[painted_words];
  for (int i = 0; i < painted_words; ++i) stack[i] = paint;
  __asm__ volatile("" : : "r"(stack) : "memory");
#if defined(__x86_64__)
#define PAINT(n) "movq %0, %%xmm" #n "\n\tpunpcklqdq %%xmm" #n ", %%xmm" #n "\n\t"
  __asm__ volatile(PAINT(0) PAINT(1) PAINT(2) PAINT(3) PAINT(4) PAINT(5) PAINT(6) PAINT(7)
                   :
                   : "r"(paint)
                   : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7");
#endif
}

typedef void (*call)(ffi_cif *, void (*)(void), void *, void **);

void ffi_call(ffi_cif *cif, void (*function)(void), void *result, void **arguments) {
  static call next;
  if (next == NULL) next = (call)dlsym(RTLD_NEXT, "ffi_call");
  spread(paint());
  next(cif, function, result, arguments);
  if (cif->rtype->type != FFI_TYPE_VOID && cif->rtype->size <= sizeof last && result != NULL)
    memcpy(&last, result, cif->rtype->size);
}
