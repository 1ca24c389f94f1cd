/* Runs under valgrind and has it tell a backtrace from each of many made-up stacks.
 *
 *   valgrind --tool=none --log-fd=3 splitstrip-valgrind-stacks LIBRARY BASE MEMORY WHERE LIST 3>log
 *
 * maps LIBRARY at the address BASE and the file MEMORY, which holds the stacks, at WHERE (both in
 * hex). A line of LIST is a stack: program counter, stack pointer and frame pointer of its innermost
 * frame, in hex. The backtraces go to valgrind's log, in the order of LIST, each after a line
 * "splitstrip: stack"; "splitstrip: end" comes last. What goes wrong is said there as
 * "splitstrip: failed: WHY" or "splitstrip: unavailable: WHY".
 *
 * Sources: valgrind/valgrind.h; its coregrind/m_stacktrace.c for what is looked at: the program
 * counter, stack pointer and frame pointer of the moment of the request.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "map_library.h"

#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif

/* Without valgrind's header nothing can be said in its log. */
#ifndef VALGRIND_STACK_REGISTER

int main(void) {
  static const char text[] =
      "splitstrip: unavailable: splitstrip was built without valgrind/valgrind.h; install valgrind "
      "(Fedora: valgrind-devel) and build again\n";
  return write(3, text, sizeof text - 1) == (ssize_t)sizeof text - 1 ? 0 : 1;
}

#else

static int say(const char* how, const char* why) {
  VALGRIND_PRINTF("splitstrip: %s: %s\n", how, why);
  return 0;
}

#if !defined __x86_64__

int main(void) { return say("unavailable", "there are made-up stacks for x86_64 only"); }

#else

/* Makes the client request `arguments` with the stack pointer at `stack` and the frame pointer
 * `frame`: valgrind's unwinder comes from here, by the CFI below, to the return address that `stack`
 * points to. What the request does is done by valgrind on its own stack, so nothing is written here.
 *
 * The four rotations and the exchange are how valgrind knows a request; its arguments are in rax, its
 * answer comes in rdx. */
void ask_from(void* arguments, uintptr_t stack, uintptr_t frame);
__asm__(
    ".text\n"
    ".globl ask_from\n"
    ".type ask_from, @function\n"
    "ask_from:\n"
    "  .cfi_startproc\n"
    "  pushq %rbp\n"
    "  .cfi_adjust_cfa_offset 8\n"
    "  .cfi_offset %rbp, -16\n"
    "  pushq %r12\n"
    "  .cfi_adjust_cfa_offset 8\n"
    "  .cfi_offset %r12, -24\n"
    "  movq %rsp, %r12\n"
    "  movq %rdi, %rax\n"
    "  movq %rdx, %rbp\n"
    "  xorl %edx, %edx\n"
    "  movq %rsi, %rsp\n"
    "  .cfi_remember_state\n"
    "  .cfi_def_cfa %rsp, 8\n"
    "  .cfi_same_value %rbp\n"
    "  .cfi_same_value %r12\n"
    "  rolq $3, %rdi\n"
    "  rolq $13, %rdi\n"
    "  rolq $61, %rdi\n"
    "  rolq $51, %rdi\n"
    "  xchgq %rbx, %rbx\n"
    "  movq %r12, %rsp\n"
    "  .cfi_restore_state\n"
    "  popq %r12\n"
    "  .cfi_adjust_cfa_offset -8\n"
    "  .cfi_restore %r12\n"
    "  popq %rbp\n"
    "  .cfi_adjust_cfa_offset -8\n"
    "  .cfi_restore %rbp\n"
    "  ret\n"
    "  .cfi_endproc\n"
    "  .size ask_from, . - ask_from\n");

/* A va_list without anything in it, for a format that takes nothing. */
static void backtrace_from(uintptr_t stack, uintptr_t frame, ...) {
  va_list none;
  va_start(none, frame);
  uintptr_t arguments[6] = {VG_USERREQ__PRINTF_BACKTRACE_VALIST_BY_REF,
                            (uintptr_t)"splitstrip: stack\n", (uintptr_t)&none, 0, 0, 0};
  ask_from(arguments, stack, frame);
  va_end(none);
}

/* Returns NULL, or what is wrong. */
static const char* map_stacks(const char* path, void* where) {
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  struct stat status;
  if (file < 0 || fstat(file, &status) != 0) return strerror(errno);
  const size_t size = (size_t)status.st_size;
  if (mmap(where, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0) != where)
    return "the stacks cannot be mapped where they have to be";
  close(file);
  /* valgrind's unwinder stays within the stack that it takes this one to be. */
  VALGRIND_STACK_REGISTER(where, (char*)where + size - 1);
  return NULL;
}

/* Returns NULL, or what is wrong. */
static const char* ask_all(FILE* list) {
  uintptr_t pc = 0;
  uintptr_t stack = 0;
  uintptr_t frame = 0;
  int fields = 0;
  while ((fields = fscanf(list, "%" SCNxPTR " %" SCNxPTR " %" SCNxPTR, &pc, &stack, &frame)) == 3) {
    /* The innermost frame's program counter becomes a return address; valgrind looks up the byte
     * before those. */
    uintptr_t* const slot = (uintptr_t*)stack - 1;
    *slot = pc + 1;
    backtrace_from((uintptr_t)slot, frame);
  }
  return fields == EOF ? NULL : "a line of the list is not three numbers";
}

int main(int argc, char** argv) {
  if (argc != 6) {
    fprintf(stderr, "usage: valgrind --log-fd=3 %s LIBRARY BASE MEMORY WHERE LIST 3>LOG\n", argv[0]);
    return 2;
  }
  struct library library;
  const char* wrong = open_library(argv[1], &library);
  if (wrong != NULL) return say(errno != 0 ? "failed" : "unavailable", wrong);
  if ((wrong = map_library(&library, (void*)strtoumax(argv[2], NULL, 16))) != NULL)
    return say("failed", wrong);
  if ((wrong = map_stacks(argv[3], (void*)strtoumax(argv[4], NULL, 16))) != NULL)
    return say("failed", wrong);
  FILE* const list = fopen(argv[5], "re");
  if (list == NULL) return say("failed", strerror(errno));
  if ((wrong = ask_all(list)) != NULL) return say("failed", wrong);
  VALGRIND_PRINTF("splitstrip: end\n");
  return 0;
}

#endif
#endif
