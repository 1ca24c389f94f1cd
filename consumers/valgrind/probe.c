/* Runs under valgrind and asks it for the source line of addresses in a library.
 *
 *   valgrind --tool=none splitstrip-valgrind-probe LIBRARY ADDRESSES 3>facts
 *
 * ADDRESSES holds a line for each address: its offset in the library in hex, a tab, the key under
 * which the answer goes out. Answers go to file descriptor 3 as consumers/answers.h wants them.
 *
 * The library is mapped, not loaded: valgrind reads an object's symbols and debug information when
 * it sees its code and its data mapped, whoever maps them. So no constructor runs, nothing the
 * library depends on has to be here, and a second C library does no harm.
 *
 * Sources: valgrind/valgrind.h (VALGRIND_MAP_IP_TO_SRCLOC); elf(5); glibc's elf/dl-map-segments.h
 * for the order of the mappings.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define QUERY "addresses"

#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif

static FILE* answers;

static int say(const char* how, const char* why) {
  fprintf(answers, "!%s\t" QUERY "\t%s\n", how, why);
  return fclose(answers) == 0 ? 0 : 1;
}

#ifndef VALGRIND_MAP_IP_TO_SRCLOC

int main(void) {
  answers = fdopen(3, "w");
  if (answers == NULL) return 2;
  return say("unavailable",
             "splitstrip was built without valgrind/valgrind.h; install valgrind (Fedora: "
             "valgrind-devel) and build again");
}

#else

enum { most_segments = 64 };

struct library {
  int file;
  uintptr_t page;
  size_t count;
  ElfW(Phdr) segments[most_segments];
  uintptr_t bias; /* what to add to an address of the file to get one in memory */
};

/* Returns NULL, or what is wrong. */
static const char* read_segments(struct library* library) {
  ElfW(Ehdr) header;
  if (pread(library->file, &header, sizeof header, 0) != (ssize_t)sizeof header ||
      memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
    return "the library is no ELF file";
  if (header.e_ident[EI_CLASS] != (sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32) ||
      header.e_phentsize != sizeof(ElfW(Phdr)))
    return "the library is for another machine, and valgrind runs only this one's code";
  for (size_t i = 0; i < header.e_phnum; ++i) {
    ElfW(Phdr) segment;
    const off_t at = (off_t)(header.e_phoff + i * sizeof segment);
    if (pread(library->file, &segment, sizeof segment, at) != (ssize_t)sizeof segment)
      return "the library's program headers lie outside of it";
    if (segment.p_type != PT_LOAD) continue;
    if (library->count == most_segments) return "the library has too many segments";
    if (segment.p_memsz < segment.p_filesz || segment.p_vaddr + segment.p_memsz < segment.p_vaddr ||
        (segment.p_vaddr - segment.p_offset) % library->page != 0)
      return "the library has a segment that cannot be mapped";
    if (library->count != 0 && segment.p_vaddr < library->segments[library->count - 1].p_vaddr +
                                                     library->segments[library->count - 1].p_memsz)
      return "the library's segments are not in order";
    library->segments[library->count++] = segment;
  }
  return library->count == 0 ? "the library has nothing to load" : NULL;
}

static int protection(const ElfW(Phdr) * segment) {
  return ((segment->p_flags & PF_R) != 0 ? PROT_READ : 0) |
         ((segment->p_flags & PF_W) != 0 ? PROT_WRITE : 0) |
         ((segment->p_flags & PF_X) != 0 ? PROT_EXEC : 0);
}

/* Returns NULL, or what is wrong. */
static const char* map_segments(struct library* library) {
  const uintptr_t mask = ~(library->page - 1);
  const ElfW(Phdr)* last = &library->segments[library->count - 1];
  const uintptr_t start = library->segments[0].p_vaddr & mask;
  const uintptr_t length = last->p_vaddr + last->p_memsz - start;
  char* const base =
      mmap(NULL, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (base == MAP_FAILED) return strerror(errno);
  library->bias = (uintptr_t)base - start;
  for (size_t i = 0; i < library->count; ++i) {
    const ElfW(Phdr)* segment = &library->segments[i];
    const uintptr_t from = segment->p_vaddr & mask;
    const uintptr_t before = segment->p_vaddr - from;
    if (segment->p_filesz == 0) continue;
    if (mmap(base + (from - start), before + segment->p_filesz, protection(segment),
             MAP_PRIVATE | MAP_FIXED, library->file,
             (off_t)(segment->p_offset - before)) == MAP_FAILED)
      return strerror(errno);
  }
  return NULL;
}

/* Writes `text` with what would break a line of answers escaped. */
static void put_field(const char* text) {
  for (; *text != '\0'; ++text) {
    if (*text == '\t') {
      fputs("\\t", answers);
    } else if (*text == '\n') {
      fputs("\\n", answers);
    } else if (*text == '\r') {
      fputs("\\r", answers);
    } else if (*text == '\\') {
      fputs("\\\\", answers);
    } else {
      fputc(*text, answers);
    }
  }
}

/* Returns NULL, or what is wrong. */
static const char* ask_all(FILE* addresses, uintptr_t bias) {
  char* line = NULL;
  size_t room = 0;
  const char* wrong = NULL;
  ssize_t length = 0;
  while (wrong == NULL && (length = getline(&line, &room, addresses)) > 0) {
    char* key = NULL;
    const uintmax_t offset = strtoumax(line, &key, 16);
    if (line[length - 1] == '\n') line[length - 1] = '\0';
    if (key == line || *key != '\t') {
      wrong = "a line of the address file is no offset, tab, key";
      break;
    }
    /* 64 bytes is what the request is defined to fill; valgrind cuts the file name at 49. */
    char place[64] = "";
    VALGRIND_MAP_IP_TO_SRCLOC((uintptr_t)offset + bias, place);
    place[sizeof place - 1] = '\0';
    if (place[0] == '\0') continue; /* valgrind knows of no line: no answer, no fact */
    fputs(QUERY "\t", answers);
    put_field(key + 1);
    fputc('\t', answers);
    put_field(place);
    fputc('\n', answers);
  }
  free(line);
  return wrong;
}

int main(int argc, char** argv) {
  answers = fdopen(3, "w");
  if (answers == NULL || argc != 3) {
    fprintf(stderr, "usage: valgrind --tool=none %s LIBRARY ADDRESSES 3>FACTS\n", argv[0]);
    return 2;
  }
  if (!RUNNING_ON_VALGRIND) return say("failed", "the probe does not run under valgrind");
  struct library library = {.file = open(argv[1], O_RDONLY | O_CLOEXEC),
                            .page = (uintptr_t)sysconf(_SC_PAGESIZE)};
  if (library.file < 0) return say("failed", strerror(errno));
  const char* wrong = read_segments(&library);
  if (wrong != NULL) return say("unavailable", wrong);
  if ((wrong = map_segments(&library)) != NULL) return say("failed", wrong);
  FILE* const addresses = fopen(argv[2], "re");
  if (addresses == NULL) return say("failed", strerror(errno));
  if ((wrong = ask_all(addresses, library.bias)) != NULL) return say("failed", wrong);
  fclose(addresses);
  fputs("!answered\t" QUERY "\n", answers);
  return fclose(answers) == 0 ? 0 : 1;
}

#endif
