// What the audit log says of the runs of the last day, by their keys: so that no key is done twice, whatever
// became of the host, and whichever host with this log it was sent to.
//
// Owner: Runs; I/O thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace host::views {

class RunRecords {
 public:
  static constexpr std::size_t most = 10'000;  // the oldest goes
  static constexpr auto kept_for = std::chrono::hours{24};

  struct Record {
    std::string key, request, principal;  // `request`: what was asked, as a hash
    nlohmann::json state;                 // of the run, as a page gets it
  };

  // A line of the audit log; what is not about a run that changes something, or no line of ours, is passed
  // over.
  void take(std::string_view line, std::uint64_t now_ms);
  // Null: no run had that key within `kept_for`. A run without an end in the log is there with outcome
  // "unknown".
  const Record* find(const std::string& key, std::uint64_t now_ms);
  std::size_t size() const { return order_.size(); }

 private:
  using At = std::list<Record>::iterator;
  void began(const nlohmann::json& line, std::uint64_t at, std::uint64_t now_ms);
  void ended(const nlohmann::json& line, std::uint64_t at);
  void forget(At record);

  std::list<Record> order_;  // as they began
  std::map<std::string, At, std::less<>> by_key_, by_run_;
};

}  // namespace host::views
