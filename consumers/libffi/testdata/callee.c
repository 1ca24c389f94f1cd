// What the tests call: a function for each way in which a foreign call can go wrong.
#include <complex.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// ---- plain arguments and results

int twice(int number) {
  return 2 * number;
}
int _a_twice(int number) __attribute__((alias("twice")));

// Where no int can say it.
const char* greeting(void) {
  return "good morning";
}

size_t length(const char* text) {
  return strlen(text);
}

void* echo_pointer(void* pointer) {
  return pointer;
}

int64_t wide(int64_t number) {
  return number;
}

// Its seventh argument is on the stack, where the upper half of a slot is what was there before.
size_t seventh(int a, int b, int c, int d, int e, int f, size_t size) {
  (void)a, (void)b, (void)c, (void)d, (void)e, (void)f;
  return size;
}

short narrow(signed char a, short b, bool c) {
  return (short)(a + b + c);
}

enum colour { red, green = 7 };
int shade(enum colour colour) {
  return (int)colour * 10;
}

double half(double number) {
  return number / 2;
}
float half_float(float number) {
  return number / 2;
}
long double third(long double number) {
  return number / 3;
}

void nothing(void) {}

static int counted;
void count(int by) {
  counted += by;
}
int counted_so_far(void) {
  return counted;
}

// ---- by value

struct point {
  double x, y;
};
double dot(struct point a, struct point b) {
  return a.x * b.x + a.y * b.y;
}
struct point turned(struct point p) {
  return (struct point){-p.y, p.x};
}

struct mixed {
  int count;
  float weight;
  double total;
};
double weigh(struct mixed m) {
  return m.count * (double)m.weight + m.total;
}

struct matrix {
  long cell[5];
};
struct matrix scaled(struct matrix m, long by) {
  for (int i = 0; i < 5; ++i) m.cell[i] *= by;
  return m;
}

struct three {
  double first;
  long middle;
  double last;
};
double three(struct three t) {
  return t.first * 100 + (double)t.middle * 10 + t.last;
}

struct labels {
  char one[8], other[8];
  long length;
};
long labels(struct labels l) {
  return l.one[0] + l.other[0] + l.length;
}

struct name {
  char text[12];
  short length;
};
int name_length(struct name n) {
  return (int)strlen(n.text) * 100 + n.length;
}

union number {
  double real;
  long whole;
};
long whole_of(union number n) {
  return n.whole;
}

union two_floats {
  float one;
  float both[2];
};
float sum_of_floats(union two_floats u) {
  return u.both[0] + u.both[1];
}

struct flags {
  unsigned low : 3;
  unsigned high : 13;
  float weight;
};
float flags_sum(struct flags f) {
  return (float)(f.low + f.high) + f.weight;
}

struct __attribute__((packed)) packed {
  char tag;
  double value;
};
double packed_value(struct packed p) {
  return p.value;
}

struct __attribute__((packed)) packed_long {
  char tag;
  double value[3];
};
double packed_long_value(struct packed_long p) {
  return p.value[2];
}

typedef int four_ints __attribute__((vector_size(16)));
int first_of(four_ints v) {
  return v[0];
}

__int128 huge(__int128 number) {
  return number;
}

double complex conjugate(double complex z) {
  return creal(z) - I * cimag(z);
}

struct opaque;
int is_null(const struct opaque* o) {
  return o == NULL;
}

// ---- variadic

int sum(int count, ...) {
  va_list list;
  va_start(list, count);
  int total = 0;
  for (int i = 0; i < count; ++i) total += va_arg(list, int);
  va_end(list);
  return total;
}

// ---- callbacks

int apply(int (*function)(int), int number) {
  return function(number);
}
double apply_double(double (*function)(double), double number) {
  return function(number);
}

// ---- without prototype

int old(a, b)
int a;
char* b;
{ return a + (int)strlen(b); }
