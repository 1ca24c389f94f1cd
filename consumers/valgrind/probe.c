/* Runs under valgrind and asks it for the source line of addresses in a library.
 *
 *   valgrind --tool=none splitstrip-valgrind-probe LIBRARY ADDRESSES 3>facts
 *
 * ADDRESSES holds a line for each address: its offset in the library in hex, a tab, the key under
 * which the answer goes out. Answers go to file descriptor 3 as consumers/answers.h wants them.
 *
 * The library is mapped, not loaded (map_library.h), so that a second C library does no harm.
 *
 * Source: valgrind/valgrind.h (VALGRIND_MAP_IP_TO_SRCLOC).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "map_library.h"

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
  struct library library;
  const char* wrong = open_library(argv[1], &library);
  if (wrong != NULL) return say(errno != 0 ? "failed" : "unavailable", wrong);
  if ((wrong = map_library(&library, NULL)) != NULL) return say("failed", wrong);
  FILE* const addresses = fopen(argv[2], "re");
  if (addresses == NULL) return say("failed", strerror(errno));
  if ((wrong = ask_all(addresses, library.bias)) != NULL) return say("failed", wrong);
  fclose(addresses);
  fputs("!answered\t" QUERY "\n", answers);
  return fclose(answers) == 0 ? 0 : 1;
}

#endif
