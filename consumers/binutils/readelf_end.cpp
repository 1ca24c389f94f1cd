#include "consumers/binutils/readelf_end.h"

#include "consumers/answers.h"

namespace splitstrip {

QueryEnd readelf_end(const std::string& query, const Ending& ending) {
  if (ending.how == Ending::How::exited && ending.code <= 1)
    return {query, QueryEnd::How::answered, ""};
  return {query, QueryEnd::How::failed, describe(ending)};
}

}  // namespace splitstrip
