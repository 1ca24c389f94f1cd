/* Type forms that are easy to print wrongly as C. Built with -fno-eliminate-unused-debug-types; what is
 * printed from its DWARF has to compile, and to give the layouts that are recorded here. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
struct node; typedef struct node node_t;
struct node { node_t *next; struct { int a; union { int b; float c; }; } inner; int arr[3][4]; };
struct bits { unsigned a:3; int :0; unsigned b:7; long c:40; _Bool d:1; unsigned char e:2; char pad; };
struct packed { char a; int b; short c; } __attribute__((packed));
struct packed2 { char a; int b; short c; unsigned x:3; unsigned y:13; unsigned z:9; } __attribute__((packed, aligned(4)));
struct al { char a; int b __attribute__((aligned(16))); char c; };
struct al2 { char a; } __attribute__((aligned(64)));
struct pm { char a; int b __attribute__((packed)); int c; };
struct flex { int n; struct node data[]; };
struct zero { int n; int data[0]; int m;};
union u { int a; char b[12]; double c; struct { short x, y; } d; };
enum neg { N1 = -5, N2 = 3 };
enum big { B1 = 0x1ffffffffULL, B2 };
enum uns { U1 = 0xffffffffU };
enum tiny { T1, T2 = 200 } __attribute__((packed));
typedef enum { AA, BB } anon_enum_t;
typedef struct { int q; anon_enum_t e; struct node *n; } anon_t;
typedef int (*cb_t)(struct node *, void *, int (*)(const char *, ...));
typedef int fn_t(int, anon_t);
struct cbs { cb_t a; int (*b[4])(void); fn_t *c; void (*(*d)(int))(double); const char *const *volatile e; const int f[3]; int * restrict g; _Atomic int h; };
typedef int v4 __attribute__((vector_size(16)));
typedef int al16 __attribute__((aligned(32)));
struct withv { char a; v4 v; al16 w; __int128 i; long double ld; _Complex double cd; __float128 f; _Float128 g; _Complex _Float128 h; };
struct opaque;
typedef struct { struct opaque *o; int (*self)(void *); } h_t;
int f1(struct node n, node_t *m, struct bits *b, struct packed *p, struct packed2 *p2, struct al *a, struct al2 *a2, struct pm *pm) { return 0; }
void f2(struct flex *f, struct zero *z, union u *u, enum neg n, enum big b, enum uns un, enum tiny t) {}
anon_t f3(struct cbs *c, struct withv w, h_t *h) { anon_t x = {0}; return x; }
int vf(const char *fmt, va_list ap) { return 0; }
int vfp(va_list *ap) { return 0; }
int va(const char *fmt, ...) { return 0; }
int old(a, b) char a; float b; { return a; }
int none() { return 0; }
void (*sig(int s, void (*h)(int)))(int) { return 0; }
int (*parr(int (*a)[5]))[7] { return 0; }
char *restrict_(char *restrict d, const char *restrict s) { return d; }
__attribute__((noreturn)) void die(void) { for(;;); }
int linux_;
__thread int tls; int arr[5]; const char *const names[] = {"a","b"}; struct { int anon_a; } global_anon; 
_Float128 q(_Float128 a, _Complex _Float128 b, _Float64x c, _Float32 d) { return a; }
int vla(int n, int a[n][n]) { return 0; }
wchar_t wc(wchar_t a, uint_least16_t b) { return a; }
typedef struct rec { struct rec *(*get)(struct rec *); enum { INNER_A, INNER_B } kind; enum inner2 { IC } k2; } rec_t;
rec_t *getrec(void) { return 0; }
struct empty {}; struct empty em;
struct mix { char c; unsigned a : 4; unsigned b: 4; unsigned short s; unsigned long x : 33; int tail; } mixv;
void (__attribute__((noreturn)) *nr)(void);
