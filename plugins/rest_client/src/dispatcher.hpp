// The calls of a client: who waits for which request, until when, and who shares one. Thread: the client's.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "core.hpp"
#include "prober.hpp"
#include "rest_client/client.hpp"
#include "work.hpp"

namespace rest_client {

class Dispatcher {
 public:
  // Options that were checked; their credentials are not looked at, `authorization` stands for them.
  Dispatcher(Environment& environment, Options options, std::vector<BaseUrl> nodes,
             Authorization authorization);
  ~Dispatcher();
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  // As in Client.
  CallId send(Request request, Callback callback);
  void cancel(CallId call);
  void close();

 private:
  using GroupId = std::uint64_t;
  struct Call {
    Callback callback;
    std::unique_ptr<Timer> deadline;
    GroupId group = 0;
  };
  // The calls that share one request; more than one only for joined GETs.
  struct Group {
    std::unique_ptr<Work> work;
    std::vector<CallId> calls;
    std::string join_key;  // empty: nobody may join
  };

  std::string problem_before_sending(const Request& request, FailureKind& kind) const;
  std::string join_key(const Request& request) const;
  GroupId new_group(Request request, std::string key);
  void join(CallId id, Callback callback, Time deadline, GroupId group);
  void answered(GroupId id, Answer answer);
  void end_call(CallId id, FailureKind kind, const std::string& words);
  void forget(const Group& group);

  Core core_;
  Prober prober_;
  std::unordered_map<CallId, Call> calls_;
  std::unordered_map<GroupId, Group> groups_;
  std::unordered_map<std::string, GroupId> joinable_;
  CallId last_call_ = 0;
  GroupId last_group_ = 0;
  // Raised whenever a change ends: a GET sent after it must not join one that may have read the state before
  // it.
  std::uint64_t changes_ended_ = 0;
  bool closed_ = false;
};

}  // namespace rest_client
