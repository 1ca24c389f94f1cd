// ffi_typesafe_prep_cif(): real functions called by nothing but their own types.
#include <algorithm>
#include <array>
#include <complex>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/libffi/test_callee.h"

namespace splitstrip::ffi {
namespace {

using namespace testing_support;
using testing::HasSubstr;

struct Free {
  void operator()(ffi_typesafe_prepared* prepared) const { ffi_typesafe_free(prepared); }
};
using Prepared = std::unique_ptr<ffi_typesafe_prepared, Free>;

class Extract : public testing::Test {
 protected:
  Prepared prepare(const char* function, std::vector<ffi_type*> extra = {}) {
    ffi_typesafe_prepared* prepared = nullptr;
    status_ = ffi_typesafe_prep_cif(callee_.function(function), static_cast<unsigned>(extra.size()),
                                    extra.data(), &prepared, words_.data(), words_.size());
    EXPECT_EQ(status_ == FFI_TYPESAFE_OK, prepared != nullptr);
    EXPECT_EQ(status_ == FFI_TYPESAFE_OK, words_[0] == '\0');
    return Prepared(prepared);
  }

  // Calls with what the type says, and with these arguments' addresses.
  template <typename Result, typename... Arguments>
  Result call(const char* function, Arguments... arguments) {
    const Prepared prepared = prepare(function);
    if (!prepared) throw std::runtime_error(words_.data());
    EXPECT_EQ(
        ffi_typesafe_check(ffi_typesafe_cif(prepared.get()), ffi_typesafe_fixed(prepared.get()),
                           callee_.function(function), nullptr, 0),
        FFI_TYPESAFE_FITS)
        << function;
    std::array<void*, sizeof...(arguments) + 1> addresses{&arguments..., nullptr};
    alignas(16) std::array<std::byte, std::max(sizeof(Result), sizeof(ffi_arg))> place;
    place.fill(std::byte{0x55});
    ffi_call(ffi_typesafe_cif(prepared.get()), callee_.function(function), place.data(),
             addresses.data());
    Result result;
    std::memcpy(&result, place.data(), sizeof result);
    return result;
  }

  ffi_typesafe_status refused(const char* function, std::vector<ffi_type*> extra = {}) {
    prepare(function, std::move(extra));
    return status_;
  }

  Loaded callee_{SPLITSTRIP_FFI_CALLEE};
  ffi_typesafe_status status_ = FFI_TYPESAFE_OK;
  std::array<char, 512> words_{};
};

TEST_F(Extract, numbers_and_pointers) {
  EXPECT_EQ((call<int>("twice", 21)), 42);
  EXPECT_STREQ((call<const char*>("greeting")), "good morning");
  EXPECT_EQ((call<std::size_t>("length", "four")), 4U);
  EXPECT_EQ((call<std::int64_t>("wide", std::int64_t{1} << 40)), std::int64_t{1} << 40);
  EXPECT_EQ((call<short>("narrow", static_cast<signed char>(-5), static_cast<short>(-300), true)),
            -304);
  EXPECT_EQ((call<int>("shade", 7)), 70);
  EXPECT_EQ((call<double>("half", 5.0)), 2.5);
  EXPECT_EQ((call<float>("half_float", 5.0F)), 2.5F);
  EXPECT_EQ((call<long double>("third", 9.0L)), 3.0L);
  EXPECT_EQ((call<int>("is_null", static_cast<void*>(nullptr))), 1);
  EXPECT_EQ((call<std::size_t>("seventh", 1, 2, 3, 4, 5, 6, std::size_t{1} << 40)),
            std::size_t{1} << 40);
#ifdef FFI_TARGET_HAS_COMPLEX_TYPE
  EXPECT_EQ((call<std::complex<double>>("conjugate", std::complex<double>(1, 2))),
            std::complex<double>(1, -2));
#endif
}

struct Point {
  double x, y;
};
struct Mixed {
  int count;
  float weight;
  double total;
};
struct Matrix {
  long cell[5];
};
struct Name {
  char text[12];
  short length;
};

TEST_F(Extract, structures_by_value) {
  EXPECT_EQ((call<double>("dot", Point{1, 2}, Point{3, 4})), 11.0);
  const Point turned = call<Point>("turned", Point{1, 2});
  EXPECT_EQ(turned.x, -2);
  EXPECT_EQ(turned.y, 1);
  EXPECT_EQ((call<double>("weigh", Mixed{2, 1.5F, 0.5})), 3.5);
  const Matrix scaled = call<Matrix>("scaled", Matrix{{1, 2, 3, 4, 5}}, 10L);
  EXPECT_EQ(scaled.cell[0] + scaled.cell[4], 60);
  Name name{{}, 3};
  std::strcpy(name.text, "hello");
  EXPECT_EQ((call<int>("name_length", name)), 503);
}

#if defined(__x86_64__) && !defined(__ILP32__)
union Number {
  double real;
  long whole;
};
union TwoFloats {
  float one;
  float both[2];
};
struct Flags {
  unsigned low : 3;
  unsigned high : 13;
  float weight;
};
struct __attribute__((packed)) PackedLong {
  char tag;
  double value[3];
};

TEST_F(Extract, unions_bit_fields_and_packed_ones_travel_as_they_do_in_c) {
  EXPECT_EQ((call<long>("whole_of", Number{.whole = 77})), 77);
  EXPECT_EQ((call<float>("sum_of_floats", TwoFloats{.both = {1, 2}})), 3.0F);
  EXPECT_EQ((call<float>("flags_sum", Flags{5, 1000, 0.5F})), 1005.5F);
  EXPECT_EQ((call<double>("packed_long_value", PackedLong{'x', {1, 2, 3}})), 3.0);
}
#endif

TEST_F(Extract, says_what_libffi_has_no_words_for) {
  EXPECT_EQ(refused("packed_value"), FFI_TYPESAFE_NOT_EXPRESSIBLE);
  EXPECT_THAT(words_.data(), HasSubstr("packed_value, parameter 1: packed"));
  EXPECT_EQ(refused("first_of"), FFI_TYPESAFE_NOT_EXPRESSIBLE);
  EXPECT_EQ(refused("huge"), FFI_TYPESAFE_NOT_EXPRESSIBLE);
  EXPECT_THAT(words_.data(), HasSubstr("huge, its result: "));
}

TEST_F(Extract, variadic_arguments_are_the_callers) {
  const Prepared prepared = prepare("sum", {&ffi_type_sint32, &ffi_type_sint32});
  ASSERT_TRUE(prepared);
  EXPECT_EQ(ffi_typesafe_fixed(prepared.get()), 1U);
  int count = 2, one = 30, other = 12;
  void* arguments[] = {&count, &one, &other};
  ffi_arg result = 0;
  ffi_call(ffi_typesafe_cif(prepared.get()), callee_.function("sum"), &result, arguments);
  EXPECT_EQ(static_cast<int>(result), 42);
  EXPECT_TRUE(prepare("sum"));
  EXPECT_EQ(refused("twice", {&ffi_type_sint32}), FFI_TYPESAFE_BAD_EXTRA);
  EXPECT_EQ(refused("sum", {&ffi_type_float}), FFI_TYPESAFE_REFUSED);  // C makes it a double
}

TEST_F(Extract, what_is_not_known_is_not_made_up) {
  ffi_typesafe_prepared* prepared = nullptr;
  EXPECT_EQ(
      ffi_typesafe_prep_cif(reinterpret_cast<Function>(+[] {}), 0, nullptr, &prepared, nullptr, 0),
      FFI_TYPESAFE_NO_TYPES);
  EXPECT_EQ(prepared, nullptr);
  EXPECT_EQ(refused("old"), FFI_TYPESAFE_NO_PROTOTYPE);
  ffi_typesafe_free(nullptr);
}

TEST_F(Extract, a_cif_outlives_the_library) {
  const Prepared prepared = prepare("turned");
  callee_.close();
  EXPECT_EQ(ffi_typesafe_cif(prepared.get())->rtype->size, sizeof(Point));
  EXPECT_EQ(ffi_typesafe_cif(prepared.get())->arg_types[0]->elements[1], &ffi_type_double);
}

}  // namespace
}  // namespace splitstrip::ffi
