#include "consumers/systemtap/translation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/test_sink.h"

namespace splitstrip {
namespace {

using ::testing::ElementsAre;

constexpr const char* code = R"x(
  #define STAP_PROBE_INIT(I, PH, PP, PN, L, D) { .index=(I), .ph=(PH) }
  STAP_PROBE_INIT(0, &probe_6375, "process(\"/r/lib/l.so\").function(\"f@a.c:7\")", "x", "y", "z"),
  STAP_PROBE_INIT(1, &probe_6377, "begin", "begin", "y", "z"),
  l->__retvalue = uderef(4, (((u_fetch_register(5)) + (((int64_t)4LL)))));
  l->__retvalue = uderef(4, (((u_fetch_register(5)) + (((int64_t)4LL)))));
  l->__retvalue = uderef(8, ({ addr = _stp_umodule_relocate ("/r/lib/l.so", 0x40, current); }));
  c->last_error = "uderef( failed";
  { .finder={ .callback=&stapiu_process_munmap, }, .solib_pathname="/r/lib/l.so", .offset=(loff_t)0x11820ULL, .probe=(&stap_probes[0]), },
)x";

TEST(Translation, tells_what_would_be_probed_and_read) {
  TestSink facts;
  TranslationReader reader("translation", "/r");
  reader.read(code, facts);
  Ending ending;
  ending.how = Ending::How::exited;
  ending.errors_tail = "Pass 3: translated to C into \"/tmp/x.c\" using 1 KiB\n";
  EXPECT_EQ(reader.finish(ending, facts).at(0).how, QueryEnd::How::answered);
  EXPECT_THAT(
      facts.list,
      ElementsAre(
          TestFact{"translation", "probe function f@a.c:7", "0x11820"},
          TestFact{"translation", "read uderef(4, (((u_fetch_register(5)) + (((int64_t)4LL)))))",
                   "in the module"},
          TestFact{"translation",
                   "read uderef(8, ({ addr = _stp_umodule_relocate (\"$ROOT/lib/l.so\", 0x40, "
                   "current); }))",
                   "in the module"}));
}

TEST(Translation, that_stopped_before_it_is_a_failure) {
  TestSink facts;
  TranslationReader reader("translation", "/r");
  Ending ending;
  ending.how = Ending::How::exited;
  ending.errors_tail = "Pass 2: analyzed script: 1 probe\n";
  EXPECT_EQ(reader.finish(ending, facts).at(0).how, QueryEnd::How::failed);
}

}  // namespace
}  // namespace splitstrip
