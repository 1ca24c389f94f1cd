#include "prove/proof_json.h"

#include <nlohmann/json.hpp>

namespace splitstrip {

using Json = nlohmann::ordered_json;

std::string to_json(const Proof& proof) {
  Json consumers = Json::array();
  for (const ConsumerInfo& consumer : proof.result.consumers)
    if (consumer.available)
      consumers.push_back({{"name", consumer.name}, {"version", consumer.version}});
  Json faults = Json::array();
  for (const FaultProof& fault : proof.faults) {
    Json noticed = Json::array();
    for (const Notice& notice : fault.noticed)
      noticed.push_back({{"consumer", notice.consumer},
                         {"query", notice.query},
                         {"outcome", to_string(notice.outcome)},
                         {"changed", notice.changed},
                         {"lost", notice.lost}});
    Json one = {{"name", fault.name},         {"group", fault.group},
                {"what", fault.what},         {"subject", fault.subject},
                {"found_by", fault.found_by}, {"state", to_string(fault.state)}};
    one["reason"] = fault.state == FaultProof::State::equivalent ? fault.equivalent : fault.reason;
    one["noticed"] = std::move(noticed);
    faults.push_back(std::move(one));
  }
  const Json all = {{"schema", proof_schema_version},
                    {"consumers", std::move(consumers)},
                    {"faults", std::move(faults)}};
  return all.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace splitstrip
