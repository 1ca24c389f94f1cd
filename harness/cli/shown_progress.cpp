#include "cli/shown_progress.h"

#include <unistd.h>

#include "consumers/answers.h"
#include "report/style.h"

namespace splitstrip {

ShownProgress::ShownProgress() : progress_(detect_style(STDERR_FILENO), write_to(STDERR_FILENO)) {}

void ShownProgress::planned(std::size_t cells) {
  planned_ += cells;
  progress_.expect(planned_);
}
void ShownProgress::run_started(const std::string& what) {
  runs_[what] = progress_.started(what);
}
void ShownProgress::run_ended(const std::string& what, const Ending& ending) {
  const bool fine = ending.how == Ending::How::exited;
  progress_.ended(runs_[what], fine ? "" : describe(ending));
  runs_.erase(what);
}
void ShownProgress::cell_done(const CellResult&) {
  progress_.judged();
}
void ShownProgress::tick() {
  progress_.tick();
}

}  // namespace splitstrip
