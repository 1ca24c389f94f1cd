// The parts that remember: shapes, verdicts, cifs, libraries that go.
#include <memory>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "consumers/libffi/outcome.h"
#include "consumers/libffi/prepared_cifs.h"
#include "consumers/libffi/shape.h"
#include "consumers/libffi/test_callee.h"
#include "consumers/libffi/verdicts.h"

namespace splitstrip::ffi {
namespace {

using namespace testing_support;

std::uint64_t shape(const Cif& cif) {
  return shape_of(cif.get(), cif.fixed());
}

TEST(Shape, is_of_what_the_types_say_and_not_of_where_they_lie) {
  ffi_type own_pointer = ffi_type_pointer;  // as PyPy has its own
  EXPECT_EQ(shape(Cif(ffi_type_sint32, {&ffi_type_pointer})),
            shape(Cif(ffi_type_sint32, {&own_pointer})));
  Struct one{&ffi_type_double, &ffi_type_double};
  Struct other{&ffi_type_double, &ffi_type_double};
  EXPECT_EQ(shape(Cif(ffi_type_void, {&one})), shape(Cif(ffi_type_void, {&other})));
}

TEST(Shape, differs_where_calls_differ) {
  Struct two{&ffi_type_double, &ffi_type_double};
  Struct nested{&two};
  Struct integers{&ffi_type_sint64, &ffi_type_sint64};
  std::vector<std::uint64_t> shapes = {
      shape(Cif(ffi_type_sint32, {})),
      shape(Cif(ffi_type_uint32, {})),
      shape(Cif(ffi_type_sint32, {&ffi_type_sint32})),
      shape(Cif(ffi_type_sint32, {&ffi_type_sint32}, 1)),
      shape(Cif(ffi_type_sint32, {&ffi_type_sint32, &ffi_type_sint32}, 1)),
      shape(Cif(ffi_type_sint32, {&ffi_type_sint32, &ffi_type_sint32}, 2)),
      shape(Cif(ffi_type_sint32, {&ffi_type_pointer, &ffi_type_sint32})),
      shape(Cif(ffi_type_sint32, {&ffi_type_sint32, &ffi_type_pointer})),
      shape(Cif(ffi_type_sint32, {&two})),
      shape(Cif(ffi_type_sint32, {&nested})),
      shape(Cif(ffi_type_sint32, {&integers})),
      shape(Cif(two.get(), {})),
  };
  std::sort(shapes.begin(), shapes.end());
  EXPECT_EQ(std::unique(shapes.begin(), shapes.end()), shapes.end());
}

TEST(VerdictTable, keeps_answers_and_displaces_when_full) {
  const auto table = std::make_unique<Verdicts>();
  EXPECT_FALSE(table->look(mix(0, 1)));
  for (std::uint64_t i = 1; i <= 100; ++i) table->keep(mix(0, i), static_cast<Known>(1 + i % 4));
  for (std::uint64_t i = 1; i <= 100; ++i)
    EXPECT_EQ(table->look(mix(0, i)), static_cast<Known>(1 + i % 4));
  for (std::uint64_t i = 1; i <= 100'000; ++i) table->keep(mix(0, i), Known::mismatch);
  EXPECT_EQ(table->look(mix(0, 100'000)), Known::mismatch);
  EXPECT_FALSE(table->look(mix(0, 100'001)));
}

TEST(PreparedCifs, tells_how_the_last_preparation_of_a_place_was) {
  const auto cifs = std::make_unique<PreparedCifs>();
  ffi_cif cif;
  EXPECT_EQ(cifs->fixed(&cif), FFI_TYPESAFE_ALL_FIXED);
  cifs->variadic(&cif, 0);
  EXPECT_EQ(cifs->fixed(&cif), 0U);
  cifs->variadic(&cif, 3);
  EXPECT_EQ(cifs->fixed(&cif), 3U);
  cifs->ordinary(&cif);
  EXPECT_EQ(cifs->fixed(&cif), FFI_TYPESAFE_ALL_FIXED);
}

TEST(PreparedCifs, admits_what_it_had_no_room_for) {
  const auto cifs = std::make_unique<PreparedCifs>();
  const std::vector<ffi_cif> many(10'000);
  for (const ffi_cif& cif : many) cifs->variadic(&cif, 2);
  std::size_t forgotten = 0;
  for (const ffi_cif& cif : many) {
    const unsigned fixed = cifs->fixed(&cif);
    EXPECT_TRUE(fixed == 2 || fixed == PreparedCifs::forgotten);
    forgotten += fixed == PreparedCifs::forgotten;
  }
  EXPECT_GT(forgotten, 0U);
  EXPECT_LT(forgotten, many.size());
}

TEST(PolicyWords, are_four) {
  EXPECT_EQ(policy_named(""), Policy::warn);
  EXPECT_EQ(policy_named("warn"), Policy::warn);
  EXPECT_EQ(policy_named("abort"), Policy::abort);
  EXPECT_EQ(policy_named("raise"), Policy::raise);
  EXPECT_EQ(policy_named("off"), Policy::off);
  testing::internal::CaptureStderr();
  EXPECT_EQ(policy_named("shout"), Policy::warn);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::HasSubstr("FFI_TYPESAFE=shout"));
}

TEST(Outcome, raise_keeps_the_message_for_this_thread_once) {
  const Finding wrong{Known::mismatch, "wrong", true};
  EXPECT_EQ(ffi_typesafe_error(), nullptr);
  EXPECT_FALSE(may_be_made(wrong, Policy::raise));
  std::thread([] { EXPECT_EQ(ffi_typesafe_error(), nullptr); }).join();
  EXPECT_STREQ(ffi_typesafe_error(), "wrong");
  EXPECT_EQ(ffi_typesafe_error(), nullptr);
}

TEST(Outcome, a_message_that_nobody_fetches_is_told) {
  const Finding wrong{Known::mismatch, "wrong", true};
  testing::internal::CaptureStderr();
  std::thread([&] { EXPECT_FALSE(may_be_made(wrong, Policy::raise)); }).join();
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              testing::HasSubstr("nobody asked why: wrong"));
}

TEST(Outcome, warn_tells_of_a_shape_once_and_lets_it_pass) {
  testing::internal::CaptureStderr();
  EXPECT_TRUE(may_be_made({Known::mismatch, "once", true}, Policy::warn));
  EXPECT_TRUE(may_be_made({Known::mismatch, "again", false}, Policy::warn));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "ffi-typesafe: once\n");
}

ffi_typesafe_verdict check(const Cif& cif, Function function) {
  return ffi_typesafe_check(&cif.get(), cif.fixed(), function, nullptr, 0);
}

// Two libraries of one size, loaded in turn: where the loader puts the second at the first one's
// place, what was found out about the first must be forgotten.
TEST(LibrariesThatGo, are_not_mixed_up_with_those_that_come) {
  const Cif of_int(ffi_type_sint32, {&ffi_type_sint32});
  const Cif of_pointer(ffi_type_sint32, {&ffi_type_pointer});
  int same_place = 0;
  for (int round = 0; round < 20; ++round) {
    Loaded one(SPLITSTRIP_FFI_TAKES_INT);
    const Function before = one.function("take");
    EXPECT_EQ(check(of_int, before), FFI_TYPESAFE_FITS);
    EXPECT_EQ(check(of_pointer, before), FFI_TYPESAFE_MISMATCH);
    one.close();
    const Loaded other(SPLITSTRIP_FFI_TAKES_POINTER);
    const Function after = other.function("take");
    same_place += before == after;
    EXPECT_EQ(check(of_int, after), FFI_TYPESAFE_MISMATCH);
    EXPECT_EQ(check(of_pointer, after), FFI_TYPESAFE_FITS);
  }
  EXPECT_GT(same_place, 0) << "the loader never used a place again: nothing was tested";
}

TEST(LibrariesThatGo, a_second_copy_has_its_own_addresses) {
  void* const handle = dlmopen(LM_ID_NEWLM, SPLITSTRIP_FFI_TAKES_POINTER, RTLD_NOW);
  ASSERT_NE(handle, nullptr) << dlerror();
  const Loaded first(SPLITSTRIP_FFI_TAKES_POINTER);
  const auto copy = reinterpret_cast<Function>(dlsym(handle, "take"));
  ASSERT_NE(copy, first.function("take"));
  for (const Function take : {copy, first.function("take")}) {
    EXPECT_EQ(check(Cif(ffi_type_sint32, {&ffi_type_pointer}), take), FFI_TYPESAFE_FITS);
    EXPECT_EQ(check(Cif(ffi_type_sint32, {&ffi_type_sint32}), take), FFI_TYPESAFE_MISMATCH);
  }
  dlclose(handle);
}

TEST(ManyThreads, get_the_same_answers) {
  const Loaded library(SPLITSTRIP_FFI_CALLEE);
  const Function functions[] = {library.function("length"), library.function("twice"),
                                library.function("half")};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&] {
      for (int round = 0; round < 200; ++round) {
        EXPECT_EQ(check(Cif(ffi_type_uint64, {&ffi_type_pointer}), functions[0]),
                  FFI_TYPESAFE_FITS);
        EXPECT_EQ(check(Cif(ffi_type_sint32, {&ffi_type_pointer}), functions[1]),
                  FFI_TYPESAFE_MISMATCH);
        EXPECT_EQ(check(Cif(ffi_type_double, {&ffi_type_float}), functions[2]),
                  FFI_TYPESAFE_MISMATCH);
        if (round % 50 == 0) const Loaded comes_and_goes(SPLITSTRIP_FFI_TAKES_INT);
      }
    });
  for (std::thread& thread : threads) thread.join();
}

// While other threads are at it: the child must neither wait for them nor be wrong.
TEST(ManyThreads, a_child_of_fork_can_check) {
  const Loaded library(SPLITSTRIP_FFI_CALLEE);
  const Function twice = library.function("twice");
  std::atomic<bool> stop = false;
  std::thread busy([&] {
    while (!stop) check(Cif(ffi_type_sint32, {&ffi_type_pointer}), twice);
  });
  for (int round = 0; round < 20; ++round) {
    const pid_t child = fork();
    if (child == 0) {
      alarm(20);
      const bool good =
          check(Cif(ffi_type_sint32, {&ffi_type_sint32}), twice) == FFI_TYPESAFE_FITS &&
          check(Cif(ffi_type_sint32, {&ffi_type_double}), twice) == FFI_TYPESAFE_MISMATCH;
      _exit(good ? 0 : 1);
    }
    int status = -1;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  stop = true;
  busy.join();
}

}  // namespace
}  // namespace splitstrip::ffi
