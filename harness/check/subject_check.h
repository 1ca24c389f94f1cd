// One subject's way through the check; see check.h for the picture.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "check/ask.h"
#include "check/ask_again.h"
#include "check/check.h"
#include "check/countdown.h"
#include "check/debug_server.h"
#include "check/memory.h"
#include "check/preparation.h"
#include "check/turnstile.h"
#include "run/stage.h"

namespace splitstrip {

// A consumer, what was found of it, and those of its queries that were selected.
struct Asked {
  const Consumer& consumer;
  Detection found;
  std::vector<Query> queries;
  std::string fingerprint = {};  // see fingerprint.h; empty unless it is available
};

class SubjectCheck : public std::enable_shared_from_this<SubjectCheck> {
 public:
  // All references live as long as this object, and so does `memory`, which may be null. Plans the
  // cells.
  SubjectCheck(Runner& runner, const Subject& subject, const std::vector<Asked>& asked,
               const CheckOptions& options, const Memory* memory, Turnstile& servers,
               const std::filesystem::path& work, const std::filesystem::path& output,
               CheckObserver& observer);

  // Queues the first work; everything else follows from callbacks of the runner.
  void start();

  // In the order of the plan; final once the runner has nothing left to do.
  const std::vector<CellResult>& cells() const { return cells_; }
  const SubjectInfo& info() const { return preparation_->info(); }
  const std::map<std::string_view, double>& consumer_cpu() const { return consumer_cpu_; }

 private:
  // One way in which the subject's library is laid before the consumers.
  struct Variant {
    std::string name;    // "reference", "withheld", or the recipe's with the way's
    std::string recipe;  // which pair it is
    FoundBy found_by = FoundBy::build_id;
    bool with_debug = true;
    std::shared_ptr<Stage> stage;
    std::string failure;                  // why there is no stage
    StageFingerprint fingerprint;         // with a memory only
    std::unique_ptr<DebugServer> server;  // for debuginfod, while it is asked
  };

  // What a cell is judged by: indices of variants.
  struct Judged {
    std::size_t control;
    // The conventional pair found in the same way: whether the consumer is able to. None where
    // that is the reference.
    std::optional<std::size_t> able;
    std::size_t candidate;
  };

  std::size_t plan_variant(const std::string& recipe, FoundBy found_by, bool with_debug);
  Judged plan_judging(const std::string& recipe, FoundBy found_by);

  // Whether the query is held against an expectation, and not asked without the debug file.
  bool has_expectation(std::size_t consumer, const std::string& query) const;
  // Whether a cell is judged by what `variant`, other than the reference, answers to the query.
  bool is_wanted(std::size_t consumer, std::size_t variant, const std::string& query) const;
  // Writes what is expected of a cell's two sides to fact files.
  struct ExpectedFiles {
    std::filesystem::path candidate, control;
  };
  ExpectedFiles write_expected(std::size_t consumer, const CellResult& cell) const;

  void plan_cells();
  void stage_all();
  void make_stage(Variant& variant);
  // The keys under which a query to each of the variants is remembered; none without a memory.
  Memory::Keys memory_keys(const Asked& asked, const std::string& query) const;
  void recall(std::size_t consumer);
  // Remembers the answers of a consumer whose cells are judged, and forgets those to queries that
  // it told otherwise when it was asked again.
  void remember(std::size_t consumer) const;
  // Which asking: what differs after the first is asked a second time.
  enum class Turn { first, again };
  Answers& answers(std::size_t consumer, std::size_t variant, Turn turn);
  std::filesystem::path facts_directory(std::size_t consumer, std::size_t variant,
                                        Turn turn = Turn::first) const;
  void ask_all();
  // Puts those of `wanted` that have no answer yet to one variant.
  void ask_variant(std::size_t consumer, std::size_t variant, std::vector<std::string> wanted,
                   Turn turn, std::function<void()> done);
  // The same for several variants, with the servers that they need.
  void ask_variants(std::size_t consumer,
                    const std::map<std::size_t, std::vector<std::string>>& wanted, Turn turn,
                    std::function<void()> done);
  void ask_others(std::size_t consumer);
  void ask_again(std::size_t consumer, const std::vector<std::size_t>& cells);
  void finish(std::size_t consumer);
  // Calls `then` once the servers of all variants run or have failed.
  void with_servers(std::function<void()> then);
  void start_servers();
  void end_servers();
  // Turns the answers `given` into failures if `failure` says that their server did not keep
  // serving.
  static void mistrust(const std::string& failure, Answers& given);
  void judge_consumer(std::size_t consumer);
  // Judges a cell by the first answers, and by the second as well if it was asked `again`.
  Steady judge_cell(std::size_t consumer, std::size_t cell, bool again);
  void judge_second_answers(std::size_t consumer, const std::vector<std::size_t>& cells);
  // The queries of a consumer that make sense for the subject. Asking may open the subject.
  std::vector<std::string> choose_applicable(const Asked& asked) const;
  // Why the consumer cannot be asked this of such a subject; empty if it can.
  std::string why_unread(const Asked& asked, const std::string& query) const;
  const std::vector<std::string>& applicable(const Asked& asked) const;
  StagedPair seen_by_consumers(const Variant& variant) const;
  Needs all_needs() const;
  Limits limits() const;

  Runner& runner_;
  const Subject& subject_;
  const std::vector<Asked>& asked_;
  const CheckOptions& options_;
  std::filesystem::path work_;  // of this subject alone
  std::filesystem::path root_;  // $ROOT, the same for all
  std::filesystem::path output_;
  CheckObserver& observer_;
  const Memory* memory_;
  Turnstile& servers_;       // a place for this subject's servers
  std::string fingerprint_;  // of the subject, with a memory only

  std::vector<std::vector<std::string>> applicable_;              // [consumer]
  std::vector<std::string> unreadable_;                           // [consumer]: why, if it is
  std::vector<std::map<std::string, Expectation>> expectations_;  // [consumer], by query
  Needs needs_;
  std::shared_ptr<Preparation> preparation_;
  std::vector<CellResult> cells_;
  std::vector<Judged> judged_;                       // for each cell
  std::vector<Variant> variants_;                    // reference, withheld, then the others
  std::vector<std::vector<std::string>> questions_;  // [consumer]: what each variant is asked
  std::vector<std::vector<Answers>> answers_;        // [consumer][variant]
  std::vector<std::vector<Answers>> again_;          // likewise, the second time
  std::map<std::string_view, double> consumer_cpu_;
  enum class ServersAre {
    not_asked_for,
    starting,
    running
  } servers_are_ = ServersAre::not_asked_for;
  std::vector<std::function<void()>> waiting_for_servers_;
  std::size_t consumers_left_ = 0;
};

}  // namespace splitstrip
