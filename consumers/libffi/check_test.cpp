// ffi_typesafe_check(): which calls of real functions fit.
#include <array>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/libffi/test_callee.h"

namespace splitstrip::ffi {
namespace {

using namespace testing_support;
using testing::AllOf;
using testing::HasSubstr;

class Check : public testing::Test {
 protected:
  // What is said of a call; empty if it fits.
  std::string said(const char* function, const Cif& cif) {
    std::array<char, 1024> words;
    const ffi_typesafe_verdict verdict = ffi_typesafe_check(
        &cif.get(), cif.fixed(), callee_.function(function), words.data(), words.size());
    EXPECT_NE(verdict, FFI_TYPESAFE_UNKNOWN) << function;
    EXPECT_EQ(verdict == FFI_TYPESAFE_MISMATCH, words[0] != '\0') << function;
    return words.data();
  }
  void fits(const char* function, ffi_type& result, std::vector<ffi_type*> arguments,
            unsigned fixed = FFI_TYPESAFE_ALL_FIXED) {
    EXPECT_EQ(said(function, Cif(result, std::move(arguments), fixed)), "") << function;
  }
  void differs(const char* function, ffi_type& result, std::vector<ffi_type*> arguments,
               unsigned fixed = FFI_TYPESAFE_ALL_FIXED) {
    EXPECT_NE(said(function, Cif(result, std::move(arguments), fixed)), "") << function;
  }

  Loaded callee_{SPLITSTRIP_FFI_CALLEE};
};

TEST_F(Check, words_name_the_function_both_sides_and_the_prototype) {
  const std::string words = said("length", Cif(ffi_type_uint64, {&ffi_type_sint32}));
  EXPECT_THAT(words, AllOf(HasSubstr("length ("), HasSubstr("libcallee.so"),
                           HasSubstr("size_t length(const char *text)"),
                           HasSubstr("called as unsigned long length(int)")));
  EXPECT_EQ(words.find('\n'), std::string::npos);
}

TEST_F(Check, of_several_names_the_known_one_is_said) {
  EXPECT_THAT(said("_a_twice", Cif(ffi_type_sint32, {})), testing::StartsWith("twice ("));
}

TEST_F(Check, what_is_passed_is_said_as_c) {
  EXPECT_THAT(said("length", Cif(ffi_type_pointer, {})),
              testing::EndsWith("called as void *length(void)"));
  Struct point{&ffi_type_double, &ffi_type_double};
  EXPECT_THAT(
      said("sum", Cif(ffi_type_float, {&ffi_type_uint8, &point, &ffi_type_pointer}, 1)),
      testing::EndsWith("called as float sum(unsigned char, ..., struct of 16 bytes, void *)"));
}

TEST_F(Check, words_are_cut_off_where_there_is_no_room) {
  const Cif cif(ffi_type_uint64, {&ffi_type_sint32});
  std::array<char, 8> words;
  EXPECT_EQ(ffi_typesafe_check(&cif.get(), cif.fixed(), callee_.function("length"), words.data(),
                               words.size()),
            FFI_TYPESAFE_MISMATCH);
  EXPECT_STREQ(words.data(), "length ");
  EXPECT_EQ(ffi_typesafe_check(&cif.get(), cif.fixed(), callee_.function("length"), nullptr, 0),
            FFI_TYPESAFE_MISMATCH);
}

TEST_F(Check, the_number_of_arguments) {
  fits("twice", ffi_type_sint32, {&ffi_type_sint32});
  differs("twice", ffi_type_sint32, {});
  differs("twice", ffi_type_sint32, {&ffi_type_sint32, &ffi_type_sint32});
  fits("nothing", ffi_type_void, {});
  differs("nothing", ffi_type_void, {&ffi_type_sint32});
}

TEST_F(Check, pointers_and_integers) {
  fits("length", ffi_type_uint64, {&ffi_type_pointer});
  differs("length", ffi_type_uint64, {&ffi_type_sint32});
  differs("length", ffi_type_uint64, {&ffi_type_double});
  fits("length", ffi_type_uint64, {&ffi_type_uint64});  // an address as ctypes.c_size_t
  fits("echo_pointer", ffi_type_pointer, {&ffi_type_pointer});
  fits("echo_pointer", ffi_type_uint64, {&ffi_type_sint64});
  differs("echo_pointer", ffi_type_sint32, {&ffi_type_pointer});
  differs("greeting", ffi_type_sint32, {});
  differs("twice", ffi_type_sint32, {&ffi_type_pointer});
  fits("is_null", ffi_type_sint32, {&ffi_type_pointer});
}

TEST_F(Check, integers_up_to_int_are_promoted_but_longer_ones_are_not) {
  fits("narrow", ffi_type_sint16, {&ffi_type_sint32, &ffi_type_sint32, &ffi_type_sint32});
  fits("narrow", ffi_type_sint16, {&ffi_type_sint8, &ffi_type_sint16, &ffi_type_uint8});
  fits("narrow", ffi_type_uint16, {&ffi_type_uint8, &ffi_type_uint16, &ffi_type_uint8});
  fits("twice", ffi_type_uint32, {&ffi_type_uint8});
  fits("shade", ffi_type_sint32, {&ffi_type_sint32});
  fits("shade", ffi_type_sint32, {&ffi_type_uint32});
  differs("shade", ffi_type_sint32, {&ffi_type_sint64});
  differs("wide", ffi_type_sint64, {&ffi_type_sint32});
  differs("wide", ffi_type_sint32, {&ffi_type_sint64});
  differs("narrow", ffi_type_sint32, {&ffi_type_sint8, &ffi_type_sint16, &ffi_type_uint8});
  differs("seventh", ffi_type_uint64,
          {&ffi_type_sint32, &ffi_type_sint32, &ffi_type_sint32, &ffi_type_sint32, &ffi_type_sint32,
           &ffi_type_sint32, &ffi_type_sint32});
}

TEST_F(Check, floating_point) {
  fits("half", ffi_type_double, {&ffi_type_double});
  differs("half", ffi_type_double, {&ffi_type_float});
  differs("half", ffi_type_float, {&ffi_type_double});
  differs("half", ffi_type_double, {&ffi_type_sint32});
  differs("half", ffi_type_double, {&ffi_type_sint64});
  differs("half_float", ffi_type_double, {&ffi_type_double});
  fits("third", ffi_type_longdouble, {&ffi_type_longdouble});
  differs("third", ffi_type_double, {&ffi_type_double});
#ifdef FFI_TARGET_HAS_COMPLEX_TYPE
  fits("conjugate", ffi_type_complex_double, {&ffi_type_complex_double});
  differs("conjugate", ffi_type_complex_float, {&ffi_type_complex_float});
  differs("conjugate", ffi_type_double, {&ffi_type_double});
#endif
}

TEST_F(Check, results_may_be_ignored_in_registers_only) {
  fits("twice", ffi_type_void, {&ffi_type_sint32});
  fits("half", ffi_type_void, {&ffi_type_double});
  fits("greeting", ffi_type_void, {});
  fits("count", ffi_type_sint32, {&ffi_type_sint32});  // what ctypes expects of all functions
  Struct matrix{&ffi_type_slong, &ffi_type_slong, &ffi_type_slong, &ffi_type_slong,
                &ffi_type_slong};
  differs("scaled", ffi_type_void, {&matrix, &ffi_type_slong});
  differs("count", matrix.get(), {&ffi_type_sint32});
}

TEST_F(Check, structures_by_value) {
  Struct point{&ffi_type_double, &ffi_type_double};
  fits("dot", ffi_type_double, {&point, &point});
  fits("turned", point.get(), {&point});
  differs("dot", ffi_type_double, {&ffi_type_pointer, &ffi_type_pointer});
  differs("dot", ffi_type_double, {&point});
  Struct integers{&ffi_type_sint64, &ffi_type_sint64};
  differs("dot", ffi_type_double, {&integers, &point});
  Struct one{&ffi_type_double};
  differs("dot", ffi_type_double, {&one, &one});
  differs("turned", ffi_type_double, {&point});
  Struct mixed{&ffi_type_sint32, &ffi_type_float, &ffi_type_double};
  fits("weigh", ffi_type_double, {&mixed});
  Struct swapped{&ffi_type_float, &ffi_type_sint32, &ffi_type_double};
  differs("weigh", ffi_type_double, {&swapped});
  differs("weigh", ffi_type_double, {&point});
  Struct reordered{&ffi_type_double, &ffi_type_double, &ffi_type_slong};
  Struct three{&ffi_type_double, &ffi_type_slong, &ffi_type_double};
  fits("three", ffi_type_double, {&three});
  differs("three", ffi_type_double, {&reordered});  // in memory, and of the same size
  Struct nested_pair{&ffi_type_slong, &ffi_type_double};
  Struct nested{&ffi_type_double, &nested_pair};
  fits("three", ffi_type_double, {&nested});
  differs("length", ffi_type_uint64, {&point});
}

TEST_F(Check, arrays_and_unions_in_what_goes_by_value) {
  Struct matrix{&ffi_type_slong, &ffi_type_slong, &ffi_type_slong, &ffi_type_slong,
                &ffi_type_slong};
  fits("scaled", matrix.get(), {&matrix, &ffi_type_slong});
  // As ctypes says an array in a structure of more than 16 bytes: the size is right, the rest is
  // not.
  std::array<ffi_type*, 2> lies{&ffi_type_pointer, nullptr};
  ffi_type by_ctypes{sizeof(long) * 5, alignof(long), FFI_TYPE_STRUCT, lies.data()};
  fits("scaled", by_ctypes, {&by_ctypes, &ffi_type_slong});
  ffi_type too_small{sizeof(long) * 4, alignof(long), FFI_TYPE_STRUCT, lies.data()};
  differs("scaled", too_small, {&too_small, &ffi_type_slong});
  Struct chars{&ffi_type_schar, &ffi_type_schar, &ffi_type_schar, &ffi_type_schar,
               &ffi_type_schar, &ffi_type_schar, &ffi_type_schar, &ffi_type_schar,
               &ffi_type_schar, &ffi_type_schar, &ffi_type_schar, &ffi_type_schar};
  Struct name{&chars, &ffi_type_sshort};
  fits("name_length", ffi_type_sint32, {&name});
  Struct number{&ffi_type_slong};  // a union of a double and a long goes as a long
  fits("whole_of", ffi_type_slong, {&number});
  // Twice 8 bytes of text, said as pointers by ctypes, whose sum is right by chance.
  Struct chance{&ffi_type_pointer, &ffi_type_pointer, &ffi_type_slong};
  fits("labels", ffi_type_slong, {&chance});
}

TEST_F(Check, variadic_and_not) {
  fits("sum", ffi_type_sint32, {&ffi_type_sint32, &ffi_type_sint32}, 1);
  fits("sum", ffi_type_sint32, {&ffi_type_sint32}, 1);
  fits("sum", ffi_type_sint32, {&ffi_type_sint32});  // no other call than the one before
  differs("sum", ffi_type_sint32, {&ffi_type_sint32, &ffi_type_sint32});
  differs("sum", ffi_type_sint32, {&ffi_type_pointer, &ffi_type_sint32}, 1);
  differs("sum", ffi_type_sint32, {});
  fits("sum", ffi_type_sint32, {&ffi_type_sint32, &ffi_type_sint32},
       0);  // PyPy's way to say nothing
  fits("twice", ffi_type_sint32, {&ffi_type_sint32}, 0);
  differs("twice", ffi_type_sint32, {&ffi_type_pointer}, 0);
  differs("twice", ffi_type_sint32, {&ffi_type_sint32, &ffi_type_sint32}, 1);
  differs("twice", ffi_type_sint32, {&ffi_type_sint32}, 1);
}

TEST_F(Check, nothing_is_held_against_what_has_no_prototype_or_types) {
  fits("old", ffi_type_sint32, {&ffi_type_sint32, &ffi_type_pointer});
  const Cif cif(ffi_type_sint32, {&ffi_type_double});
  const auto here = reinterpret_cast<Function>(+[] {});
  EXPECT_EQ(ffi_typesafe_check(&cif.get(), cif.fixed(), here, nullptr, 0), FFI_TYPESAFE_UNKNOWN);
  int number = 0;
  const auto nowhere = reinterpret_cast<Function>(&number);
  EXPECT_EQ(ffi_typesafe_check(&cif.get(), cif.fixed(), nowhere, nullptr, 0), FFI_TYPESAFE_UNKNOWN);
  const auto within =
      reinterpret_cast<Function>(reinterpret_cast<char*>(callee_.function("twice")) + 1);
  EXPECT_EQ(ffi_typesafe_check(&cif.get(), cif.fixed(), within, nullptr, 0), FFI_TYPESAFE_UNKNOWN);
}

}  // namespace
}  // namespace splitstrip::ffi
