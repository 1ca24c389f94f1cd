// Classes that C++ passes in one way or the other, one for each reason why. Each is taken by a function
// take_NAME() that is exported, so that typedata has it and the place of its parameter tells how it came.
#include <array>
#include <atomic>
#include <bitset>
#include <chrono>
#include <complex>
#include <exception>
#include <functional>
#include <initializer_list>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>
#if __cplusplus >= 201703L
#include <any>
#include <optional>
#include <variant>
#endif

#define TAKE(name) \
  extern "C" int take_##name(name one) { return sizeof one; }
#define KEEP(type, name) \
  using name = type;     \
  TAKE(name)

// Nothing declared.
struct plain { int x; };
TAKE(plain)
class closed { int x = 0; public: int get() const { return x; } };
TAKE(closed)
struct empty {};
TAKE(empty)
struct nested { plain one; closed two[3]; };
TAKE(nested)
struct derived : plain { int y; };
TAKE(derived)
struct with_reference { int& r; };
TAKE(with_reference)
struct with_rvalue { int&& r; };
TAKE(with_rvalue)
struct with_const { const plain p; };
TAKE(with_const)
struct with_volatile { volatile int v; };
TAKE(with_volatile)
struct with_bits { unsigned a : 3; unsigned : 2; unsigned b : 7; };
TAKE(with_bits)

// Constructors and operators that copy nothing.
struct constructed { int x; constructed(int); explicit constructed(const plain&); };
constructed::constructed(int i) : x(i) {}
constructed::constructed(const plain& p) : x(p.x) {}
TAKE(constructed)
struct assigned { int x; assigned& operator=(const assigned& o) { x = o.x; return *this; } };
TAKE(assigned)
struct template_constructor { int x; template <class T> template_constructor(const T&) : x(1) {} template_constructor(int i) : x(i) {} };
template_constructor from_other(plain p) { return template_constructor(p); }
template_constructor from_itself(template_constructor& p) { return template_constructor(p); }
TAKE(template_constructor)
struct of_another { int x; of_another(const empty&) : x(0) {} of_another(plain&&) : x(1) {} };
TAKE(of_another)

// Copying.
struct copied { int x; copied(const copied&); copied(int); };
copied::copied(const copied& o) : x(o.x) {}
copied::copied(int i) : x(i) {}
TAKE(copied)
struct copied_inline { int x; copied_inline(const copied_inline& o) : x(o.x) {} };
TAKE(copied_inline)
struct copied_changing { int x; copied_changing(copied_changing& o) : x(o.x) {} };
TAKE(copied_changing)
struct copied_with_more { int x; copied_with_more(const copied_with_more& o, int more = 0) : x(o.x + more) {} };
TAKE(copied_with_more)
struct not_a_copy { int x; not_a_copy(const not_a_copy& o, int more) : x(o.x + more) {} };
TAKE(not_a_copy)
struct defaulted { int x; defaulted(const defaulted&) = default; defaulted(int i) : x(i) {} };
TAKE(defaulted)
struct defaulted_both { int x; defaulted_both(const defaulted_both&) = default; defaulted_both(defaulted_both&&) = default; ~defaulted_both() = default; defaulted_both(int i) : x(i) {} };
TAKE(defaulted_both)
struct defaulted_outside { int x; defaulted_outside(const defaulted_outside&); defaulted_outside(int i) : x(i) {} };
defaulted_outside::defaulted_outside(const defaulted_outside&) = default;
TAKE(defaulted_outside)
struct deleted { int x; deleted(const deleted&) = delete; deleted(int i) : x(i) {} };
TAKE(deleted)
struct deleted_both { int x; deleted_both(const deleted_both&) = delete; deleted_both(deleted_both&&) = delete; deleted_both(int i) : x(i) {} };
TAKE(deleted_both)
struct deleted_copy_trivial_move { int x; deleted_copy_trivial_move(const deleted_copy_trivial_move&) = delete; deleted_copy_trivial_move(deleted_copy_trivial_move&&) = default; };
TAKE(deleted_copy_trivial_move)
struct deleted_changing { int x; deleted_changing(const deleted_changing&) = default; deleted_changing(deleted_changing&) = delete; };
TAKE(deleted_changing)
class hidden { int x; hidden(const hidden&) = default; public: hidden(int i) : x(i) {} };
TAKE(hidden)
class hidden_copy { int x; hidden_copy(const hidden_copy& o) : x(o.x) {} public: hidden_copy(int i) : x(i) {} };
TAKE(hidden_copy)
class kept { protected: kept(const kept&) = default; public: kept() {} int x; };
TAKE(kept)
struct of_kept : kept {};
TAKE(of_kept)
struct has_kept { kept k; };
TAKE(has_kept)

// Moving.
struct moved { int x; moved(moved&& o) : x(o.x) {} };
TAKE(moved)
struct moved_by_default { int x; moved_by_default(moved_by_default&&) = default; };
TAKE(moved_by_default)
struct copied_by_default_moved { int x; copied_by_default_moved(const copied_by_default_moved&) = default; copied_by_default_moved(copied_by_default_moved&& o) : x(o.x) {} };
TAKE(copied_by_default_moved)
struct copied_moved_by_default { int x; copied_moved_by_default(const copied_moved_by_default& o) : x(o.x) {} copied_moved_by_default(copied_moved_by_default&&) = default; };
TAKE(copied_moved_by_default)
struct move_assigned { int x; move_assigned& operator=(move_assigned&&) = default; };
TAKE(move_assigned)
struct move_deleted { int x; move_deleted(const move_deleted&) = default; move_deleted(move_deleted&&) = delete; };
TAKE(move_deleted)

// Destroying.
struct destroyed { int x; ~destroyed(); };
destroyed::~destroyed() {}
TAKE(destroyed)
struct destroyed_inline { int x; ~destroyed_inline() {} };
TAKE(destroyed_inline)
struct destroyed_by_default { int x; ~destroyed_by_default() = default; };
TAKE(destroyed_by_default)
struct destroyed_outside { int x; ~destroyed_outside(); };
destroyed_outside::~destroyed_outside() = default;
TAKE(destroyed_outside)

// Virtual.
// Their first virtual function stands here, and with it gcc's description of the whole class.
struct virtual_function { int x; virtual int f(); };
int virtual_function::f() { return x; }
TAKE(virtual_function)
struct virtual_destructor { int x; virtual ~virtual_destructor() = default; virtual int f(); };
int virtual_destructor::f() { return x; }
TAKE(virtual_destructor)
struct virtual_base : virtual plain { int y; };
virtual_base* new_virtual_base() { return new virtual_base; }
TAKE(virtual_base)
struct of_virtual : virtual_function { int z; int f() override; };
int of_virtual::f() { return z; }
TAKE(of_virtual)
struct has_virtual { virtual_destructor d; };
TAKE(has_virtual)
struct virtual_deleted { virtual int f(); virtual_deleted(const virtual_deleted&) = delete; virtual_deleted() {} };
int virtual_deleted::f() { return 1; }
TAKE(virtual_deleted)

// Members and bases that are so.
struct has_copied { copied c; };
TAKE(has_copied)
struct of_copied : copied { int more; };
TAKE(of_copied)
struct has_array { copied c[2]; };
TAKE(has_array)
struct has_destroyed { const destroyed d; };
TAKE(has_destroyed)
struct has_deleted { deleted d; };
TAKE(has_deleted)
struct has_deleted_copy { deleted_copy_trivial_move d; };
TAKE(has_deleted_copy)
struct has_move_deleted { move_deleted d; };
TAKE(has_move_deleted)
struct has_moved { moved m; };
TAKE(has_moved)
struct has_hidden { hidden h; };
TAKE(has_hidden)
struct has_hidden_copy { hidden_copy h; };
TAKE(has_hidden_copy)
struct has_changing { copied_changing c; };
TAKE(has_changing)
struct has_defaulted { defaulted d; };
TAKE(has_defaulted)
struct defaulted_of_copied { copied c; defaulted_of_copied(const defaulted_of_copied&) = default; };
TAKE(defaulted_of_copied)
struct deleted_of_copied { copied c; deleted_of_copied(const deleted_of_copied&) = delete; deleted_of_copied(deleted_of_copied&&) = default; };
TAKE(deleted_of_copied)
struct deleted_of_copied_moved { copied_moved_by_default c; deleted_of_copied_moved(const deleted_of_copied_moved&) = delete; deleted_of_copied_moved(deleted_of_copied_moved&&) = default; };
TAKE(deleted_of_copied_moved)
struct pointer_to_copied { copied* c; copied& r; };
TAKE(pointer_to_copied)
struct has_static { int x; static copied common; };
TAKE(has_static)
struct greedy { greedy(const greedy&) = default; template <class T> greedy(T&&) : x(2) {} int x; };
TAKE(greedy)
struct has_greedy { greedy g; };
TAKE(has_greedy)
struct const_move { const copied_by_default_moved c; };
TAKE(const_move)
struct volatile_member { volatile plain p; };
TAKE(volatile_member)
struct unnamed_struct { struct { copied c; } u; int y; };
TAKE(unnamed_struct)

// Unions.
union plain_union { int i; float f; };
TAKE(plain_union)
union copied_union { int i; copied c; copied_union() {} };
TAKE(copied_union)
union destroyed_union { int i; destroyed d; destroyed_union() {} ~destroyed_union() {} };
TAKE(destroyed_union)
union own_copy { int i; float f; own_copy(const own_copy& o) : i(o.i) {} };
TAKE(own_copy)
struct anonymous_union { union { int i; float f; }; };
TAKE(anonymous_union)
struct anonymous_copied { union { int i; copied c; }; anonymous_copied() {} ~anonymous_copied() {} };
TAKE(anonymous_copied)

// Templates.
template <class T>
struct box { T content; box(const box& o) : content(o.content) {} };
KEEP(box<int>, box_copied)
template <class T>
struct crate { T content; crate(const crate&) = default; crate(T t) : content(t) {} };
KEEP(crate<int>, crate_int)
KEEP(crate<copied>, crate_copied)
template <class T>
struct chest { T content; ~chest() {} };
KEEP(chest<int>, chest_int)
template <class A, class B>
struct both : A, B {};
using both_plain = both<plain, closed>;
TAKE(both_plain)
using both_destroyed = both<plain, destroyed>;
TAKE(both_destroyed)

namespace inner {
struct copied { int x; copied(const copied& o) : x(o.x) {} };
struct like_copied { int x; like_copied(const ::copied& o) : x(o.x) {} };
}  // namespace inner
KEEP(inner::copied, inner_copied)
KEEP(inner::like_copied, inner_like)
struct outer { struct copied { int x; copied(const ::copied& o) : x(o.x) {} }; copied c; };
TAKE(outer)

// Of the standard library.
KEEP(std::string, string_)
KEEP(std::vector<int>, vector_)
KEEP(std::list<int>, list_)
using map_ = std::map<int, int>;
TAKE(map_)
KEEP(std::set<int>, set_)
using pair_ = std::pair<int, long>;
TAKE(pair_)
using pair_string_ = std::pair<std::string, int>;
TAKE(pair_string_)
using tuple_ = std::tuple<int, long>;
TAKE(tuple_)
using tuple_string_ = std::tuple<std::string, int>;
TAKE(tuple_string_)
KEEP(std::tuple<>, tuple_empty_)
KEEP(std::unique_ptr<int>, unique_)
KEEP(std::shared_ptr<int>, shared_)
KEEP(std::weak_ptr<int>, weak_)
KEEP(std::function<int(int)>, function_)
using array_ = std::array<int, 4>;
TAKE(array_)
using array_string_ = std::array<std::string, 4>;
TAKE(array_string_)
KEEP(std::complex<double>, complex_)
KEEP(std::complex<float>, complex_float_)
KEEP(std::bitset<40>, bitset_)
KEEP(std::initializer_list<int>, list_of_int_)
KEEP(std::exception, exception_)
KEEP(std::atomic<int>, atomic_)
KEEP(std::mutex, mutex_)
KEEP(std::thread::id, thread_id_)
KEEP(std::thread, thread_)
KEEP(std::chrono::nanoseconds, nanoseconds_)
KEEP(std::chrono::system_clock::time_point, time_point_)
KEEP(std::allocator<int>, allocator_)
KEEP(std::vector<int>::iterator, iterator_)
KEEP(std::list<int>::iterator, list_iterator_)
KEEP(std::reverse_iterator<int*>, reverse_iterator_)
KEEP(std::reference_wrapper<int>, wrapper_)
KEEP(std::vector<bool>::reference, bit_reference_)
KEEP(std::hash<int>, hash_)
KEEP(std::less<int>, less_)
KEEP(std::locale, locale_)
KEEP(std::exception_ptr, exception_ptr_)
KEEP(std::error_code, error_code_)
#if __cplusplus >= 201703L
KEEP(std::optional<int>, optional_)
KEEP(std::optional<std::string>, optional_string_)
using variant_ = std::variant<int, long>;
TAKE(variant_)
using variant_string_ = std::variant<int, std::string>;
TAKE(variant_string_)
KEEP(std::any, any_)
KEEP(std::string_view, string_view_)
#endif
