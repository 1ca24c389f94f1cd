// The ways to a debug file: the same answers by each, and debuginfod servers that do what they
// should not: one clear line, the right outcome, nothing hangs, nobody stays.
#include <cstdlib>
#include <fstream>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "e2e/tool.h"
#include "elf/test_library.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

std::string text(const nlohmann::json& cell, const char* field) {
  return cell.at(field).get<std::string>();
}

TEST(FoundBy, gdb_and_eu_stack_answer_the_same_whichever_way_leads_to_the_debug_file) {
  if (!program_exists("debuginfod")) GTEST_SKIP() << "debuginfod is not installed";
  const ScratchDirectory scratch;
  const auto output = scratch.path() / "out";
  const auto end = splitstrip_program({"check", "calls", "--consumer", "gdb", "--consumer",
                                       "eu-stack", "--found-by", "all", "--output", output});
  EXPECT_EQ(end.status, 0) << end.output << end.errors;
  std::map<std::string, std::map<std::string, std::uint64_t>> evidence;  // by way and consumer
  const auto result = read_result_json(output);
  for (const auto& cell : result.at("cells")) {
    EXPECT_EQ(cell.at("outcome"), "same") << show(cell) << text(cell, "found_by");
    evidence[text(cell, "found_by")][text(cell, "consumer")] +=
        cell.at("evidence").get<std::uint64_t>();
  }
  EXPECT_EQ(evidence.size(), 5U);
  for (const auto& [way, of_consumer] : evidence) {
    EXPECT_EQ(of_consumer, evidence.begin()->second) << way;
    for (const auto& [consumer, facts] : of_consumer) EXPECT_GT(facts, 0U) << way << consumer;
  }
  EXPECT_THAT(end.output, HasSubstr("debuginfod"));
}

// But for the core file, whose library is that of another stage then.
TEST(FoundBy, without_mount_namespaces_too) {
  if (!program_exists("debuginfod")) GTEST_SKIP() << "debuginfod is not installed";
  const ScratchDirectory scratch;
  const auto output = scratch.path() / "out";
  setenv("SPLITSTRIP_NO_NAMESPACE", "1", 1);
  const auto end =
      splitstrip_program({"check", "calls", "--consumer", "eu-stack", "--query", "addresses",
                          "--query", "symbols", "--found-by", "all", "--output", output});
  unsetenv("SPLITSTRIP_NO_NAMESPACE");
  EXPECT_EQ(end.status, 0) << end.output << end.errors;
  const auto result = read_result_json(output);
  EXPECT_EQ(result.at("cells").size(), 10U);
  for (const auto& cell : result.at("cells"))
    EXPECT_EQ(cell.at("outcome"), "same") << show(cell) << text(cell, "found_by");
}

TEST(FoundBy, a_way_that_there_is_not_is_named_with_those_that_there_are) {
  const auto end = splitstrip_program({"check", "calls", "--found-by", "luck"});
  EXPECT_EQ(end.status, 2);
  EXPECT_THAT(end.errors, AllOf(HasSubstr("luck: no such way"), HasSubstr("dot-debug")));
}

// A debuginfod that stands before the real one in PATH.
class BadServer : public testing::Test {
 protected:
  BadServer() : library_(path("libsmall.so")), output_(path("out")) {
    testing_support::build_library(library_, testing_support::small_source);
    fs::create_directory(path("bin"));
    old_path_ = std::getenv("PATH");
    setenv("PATH", (path("bin").string() + ":" + old_path_).c_str(), 1);
  }
  ~BadServer() override { setenv("PATH", old_path_.c_str(), 1); }

  fs::path path(const std::string& name) const { return scratch_.path() / name; }

  void script(const std::string& text) const {
    std::ofstream(path("bin") / "debuginfod") << text;
    fs::permissions(path("bin") / "debuginfod", fs::perms::owner_all);
  }

  // The cells of eu-stack with a server that says it has scanned and answers a request for a
  // debug file by the Python statements `answer`. They may use `file` (the debug file's bytes, or
  // None), `count` (of such requests before this one), and send(status, bytes).
  std::vector<nlohmann::json> cells_with_server(const std::string& answer) {
    script(R"(#!/usr/bin/python3
import http.server, pathlib, sys, time
if "--help" in sys.argv:
    sys.exit(0)
port = int([word for word in sys.argv if word.startswith("--port=")][0][7:])
files = [name for name in pathlib.Path(sys.argv[-1]).rglob("*") if name.is_file()]
file = files[0].read_bytes() if files else None
requests = []
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        def send(status, body):
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)
        if self.path == "/metrics":
            return send(200, b'thread_work_total{role="traverse"} 1\n')
        count = len(requests)
        requests.append(self.path)
        )" +
           answer + R"(
    def log_message(self, *words):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
print("port=%d" % port, flush=True)
server.serve_forever()
)");
    return cells();
  }

  std::vector<nlohmann::json> cells() {
    end_ = splitstrip_program({"check", library_, "--consumer", "eu-stack", "--found-by",
                               "debuginfod", "--output", output_, "--timeout", "60"});
    auto list = read_result_json(output_).at("cells").get<std::vector<nlohmann::json>>();
    EXPECT_FALSE(list.empty());
    return list;
  }

  void expect_all(const std::vector<nlohmann::json>& list, const std::string& outcome,
                  const std::string& reason, int status) {
    for (const auto& cell : list) {
      EXPECT_EQ(cell.at("outcome"), outcome) << show(cell);
      EXPECT_THAT(text(cell, "reason"), HasSubstr(reason));
      EXPECT_THAT(text(cell, "reason"), testing::Not(HasSubstr("\n")));
    }
    EXPECT_EQ(end_.status, status) << end_.output << end_.errors;
  }

  ScratchDirectory scratch_;
  std::string old_path_;
  fs::path library_, output_;
  ProgramEnd end_;
};

constexpr const char* honest = R"(send(200, file) if file else send(404, b""))";

TEST_F(BadServer, a_server_that_behaves_is_no_obstacle) {
  expect_all(cells_with_server(honest), "same", "", 0);
}

// The control of all that passes: it did come from the server.
TEST_F(BadServer, one_that_has_nothing_proves_nothing) {
  expect_all(cells_with_server(R"(send(404, b""))"), "unavailable", "does not find the debug file",
             0);
}

TEST_F(BadServer, one_that_answers_500_is_an_error) {
  expect_all(cells_with_server(R"(send(500, b"no"))"), "error", "answers 500", 2);
}

TEST_F(BadServer, one_that_stalls_is_an_error) {
  expect_all(cells_with_server("time.sleep(1000)"), "error", "no answer within", 2);
}

TEST_F(BadServer, one_that_sends_another_file_is_an_error) {
  expect_all(cells_with_server(R"(send(200, file[:-1] + b"?") if file else send(404, b""))"),
             "error", "sends another file", 2);
}

// libdwfl (0.188) takes any file for the one that it asked for, gdb (13.1) looks at its build-id:
// the harness does not see what a consumer is sent, but such answers are never the same.
TEST_F(BadServer, one_that_fools_consumers_alone_makes_no_cell_pass) {
  const auto other = path("libother.so");
  testing_support::build_library(other, "int another(int value) { return value + 1; }");
  const auto list = cells_with_server(
      R"(mine = self.headers.get("User-Agent") == "splitstrip"
        send(200, file if mine else open(")" +
      other.string() + R"(", "rb").read()) if file else send(404, b""))");
  for (const auto& cell : list)
    EXPECT_THAT(text(cell, "outcome"), testing::AnyOf("regressed", "unavailable")) << show(cell);
}

TEST_F(BadServer, one_that_turns_bad_while_it_is_asked_is_an_error) {
  expect_all(
      cells_with_server(
          R"((send(200, file) if file else send(404, b"")) if count == 0 else send(500, b"no"))"),
      "error", "answers 500", 2);
}

TEST_F(BadServer, one_that_does_not_speak_http_is_an_error) {
  expect_all(cells_with_server(R"(self.wfile.write(b"hello\r\n\r\n"))"), "error",
             "does not answer in HTTP", 2);
}

TEST_F(BadServer, one_that_does_not_start_is_an_error_with_its_last_words) {
  script("#!/bin/sh\necho out of ports >&2\nexit 3\n");
  expect_all(cells(), "error", "does not start (out of ports)", 2);
}

TEST_F(BadServer, one_that_is_not_there_is_unavailable_and_named) {
  for (const auto& entry : fs::directory_iterator("/usr/bin")) {
    if (entry.path().filename() != "debuginfod")
      fs::create_symlink(entry.path(), path("bin") / entry.path().filename());
  }
  setenv("PATH", path("bin").c_str(), 1);
  expect_all(cells(), "unavailable", "install debuginfod", 0);
}

}  // namespace
}  // namespace splitstrip
