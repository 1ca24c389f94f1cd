#include "report/sample_result.h"

#include <array>

#include <fmt/format.h>

namespace splitstrip {
namespace {

struct Asked {
  std::string consumer;
  std::string version;
  std::vector<std::string> queries;
};

const std::vector<Asked>& asked() {
  static const std::vector<Asked> list = {
      {"gdb", "13.1", {"types", "functions", "globals", "lines", "scopes", "live"}},
      {"eu-stack", "0.188", {"functions", "call-sites"}},
      {"abidiff", "2.2.0", {"abi-document", "abi-diff", "abi-break"}},
      {"valgrind", "3.19.0", {"source-lines"}},
      {"systemtap", "4.8", {"probes", "live"}}};
  return list;
}

void spoil(CellResult& cell, Outcome outcome, std::string reason) {
  cell.outcome = outcome;
  cell.reason = std::move(reason);
  cell.facts = cell.evidence = cell.gained = 0;
}

void make_special(CellResult& cell, std::size_t subject) {
  const auto is = [&](std::size_t number, std::string_view consumer, std::string_view query) {
    return subject == number && cell.consumer == consumer && cell.query == query;
  };
  if (cell.consumer == "systemtap" && cell.query == "live")
    spoil(cell, Outcome::unavailable, "the kernel has no uprobes; it needs CONFIG_UPROBE_EVENTS");
  if (is(0, "gdb", "lines")) cell.reused = {"reference", "withheld"};
  if (is(0, "gdb", "types")) {
    cell.outcome = Outcome::regressed;
    cell.reason = "1 fact changed, 1 lost";
    cell.changed = cell.lost = cell.gained = 1;
    cell.differences = {
        {"struct point", "struct, 16 bytes: x int @0, y int @4, tag char[8] @8",
         "struct, 16 bytes: x int @0, y long @4, tag char[8] @8"},
        {"struct <odd> & \"quoted\"\x01\x1b[31m\xff]]>", "one\ttab\nand a line", std::nullopt},
        {"typedef grüße", std::nullopt, "int"}};
  }
  if (is(1, "gdb", "live")) spoil(cell, Outcome::crashed, "killed by SIGSEGV after 12 answers");
  if (is(1, "valgrind", "source-lines"))
    spoil(cell, Outcome::vacuous, "the reference tells no more than the withheld control");
  if (is(2, "abidiff", "abi-document")) spoil(cell, Outcome::timeout, "no end after 120 s");
  if (is(2, "eu-stack", "call-sites"))
    spoil(cell, Outcome::error, "printed something that is no answer: \"???\"");
  if (is(2, "gdb", "scopes")) {
    cell.outcome = Outcome::unstable;
    cell.reason = "2 facts were told otherwise when it was asked again";
    cell.unsteady = {{"reference", "struct point", "16 bytes", std::nullopt},
                     {"candidate", "struct <line>", "x int @0", "x int @0, y int @4"}};
  }
  if (is(1, "eu-stack", "functions")) {
    cell.outcome = Outcome::gained;
    cell.gained = 7;
  }
}

}  // namespace

Result sample_result(std::size_t subjects) {
  Result result;
  result.tool.version = "0.1.0";
  result.started = "2026-11-23T04:05:06Z";
  result.seconds = 83.25;
  result.cpu_seconds = 1.5;
  result.host = {"x86_64", "6.1.0-13-amd64", "Debian GNU/Linux 12 (bookworm)"};
  for (const auto& [consumer, version, queries] : asked())
    result.consumers.push_back({consumer, version, "/usr/bin/" + consumer, 12.5, true, ""});
  constexpr std::array names = {"libnl-3.so.200", "libc.so.6",    "libdb-5.3.so", "libgsl.so.27",
                                "libkrb5.so.3",   "libpcre.so.3", "libctf.so.0",  "liblua5.4.so.0"};
  for (std::size_t s = 0; s < subjects; ++s) {
    SubjectInfo subject;
    subject.name = s < names.size() ? names.at(s) : fmt::format("libmade-up-{}.so.1", s);
    subject.path = "/usr/lib/x86_64-linux-gnu/" + subject.name;
    subject.build_id = fmt::format("{:040x}", s + 0xabcdef);
    subject.arch = "x86_64";
    subject.main_bytes = 139'208 * (s + 1);
    subject.debug_bytes = 185'928 * (s + 1);
    if (s == 2) subject.notes = {"/lib/libdb-5.3.so: stripped with objcopy, as eu-strip failed"};
    if (s != 2) subject.typedata = TypedataInfo{7'000 * (s + 1), 300 + s, 299 + s};
    if (s != 2)
      subject.call_sites =
          CallSitesInfo{1'177 * (s + 1), 1'177 * (s + 1), {{"no CFI", 2}}, 4'000 * (s + 1), 59};
    for (const auto& [consumer, version, queries] : asked()) {
      for (const auto& query : queries) {
        CellResult cell;
        cell.subject = subject.name;
        cell.recipe = "typedata";
        cell.consumer = consumer;
        cell.query = query;
        cell.outcome = Outcome::same;
        cell.facts = 1'234 * (s + 1) + query.size();
        cell.evidence = cell.facts - 17;
        cell.seconds = 0.25;
        cell.cpu_seconds = 0.2;
        cell.command = {consumer, "--batch", "/lib/" + subject.name};
        cell.facts_file = fmt::format("facts/{}.typedata.{}.{}.zst", subject.name, consumer, query);
        make_special(cell, s);
        result.cells.push_back(std::move(cell));
      }
    }
    result.subjects.push_back(std::move(subject));
  }
  result.summary = summarise(result.cells, {"gdb"});
  return result;
}

}  // namespace splitstrip
