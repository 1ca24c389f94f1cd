// junit.xml: the result for CI systems that read JUnit's form (Jenkins, GitLab, tmt, Testing Farm).
#pragma once

#include <cstddef>
#include <string>

#include "report/result.h"

namespace splitstrip {

// How many differences a failure shows.
inline constexpr std::size_t junit_differences = 20;

// One testsuite per subject, one testcase per cell: its classname is subject.recipe.consumer (with
// the way to the debug file behind the recipe unless that is by build-id), its
// name the query. `regressed` is a failure; `timeout`, `crashed` and `error` are errors; `vacuous`
// and `unavailable` are skipped, or a failure for a consumer that --require names. Cells of
// subjects that the result does not list are left out. Always well-formed XML 1.0 in UTF-8: what
// XML cannot hold is shown as \x1b.
std::string to_junit(const Result& result);

}  // namespace splitstrip
