// All that changes an engine. Before each effect, directly before it is sent, one check: whether somebody
// cancelled, and whether the host still waits. After an answer that says nothing certain, as a gateway's or a
// lost one, the state is read back for some seconds: an effect is never sent twice.
//
// Thread: the plugin's own. Owner: the action that acts. Each function calls `done` once, never from inside
// itself: nothing when it was carried out; CANCELLED when it was not begun; UNKNOWN_OUTCOME when nobody
// knows.
#pragma once

#include <memory>
#include <string>

#include "actions/context.hpp"
#include "session/session.hpp"

namespace batch_view {

class GuardedChanges : public std::enable_shared_from_this<GuardedChanges> {
 public:
  // After a doubtful answer the state is read after each of these times.
  static constexpr std::chrono::milliseconds reads_after[] = {
      std::chrono::milliseconds{0}, std::chrono::milliseconds{700}, std::chrono::milliseconds{1500},
      std::chrono::milliseconds{2500}, std::chrono::milliseconds{4000}};

  GuardedChanges(std::shared_ptr<Session> session, const ActionContext& context);

  // Why nothing may be begun any more; nothing: it may.
  std::optional<Problem> stopped() const;

  using Done = Engine::Done;
  void retry_job(const std::string& job, const Retry& retry, Done done);
  void run_now(const std::string& job, std::int64_t retries, Done done);
  void delete_job(const std::string& job, Done done);
  // Reports whether the state is as the effect would have made it, when the answer left it in doubt.
  using IsSo = std::function<void(const Problem& doubt, std::function<void(bool)> report)>;
  void retry_definition(const std::string& definition, const Retry& retry, IsSo is_so, Done done);
  void suspend(const std::string& batch, bool suspended, Done done);
  void delete_batch(const std::string& batch, bool with_history, Done done);
  void delete_history(const std::string& batch, Done done);

 private:
  void carry_out(const std::function<void(const Engine::Gate&, Done)>& effect, IsSo is_so, Done done);
  void read_back(std::size_t attempt, const Problem& problem, IsSo is_so, Done done);

  std::shared_ptr<Session> session_;
  std::shared_ptr<std::atomic<bool>> cancelled_;
  std::optional<Clock::time_point> deadline_;
};

}  // namespace batch_view
