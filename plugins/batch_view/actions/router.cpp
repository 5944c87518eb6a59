#include "actions/router.hpp"

#include "actions/batch_actions.hpp"
#include "actions/job_actions.hpp"

namespace batch_view {

void act(const std::shared_ptr<Session>& session, const Request& request, ActionContext context,
         Replied then) {
  // What was seen before is no longer true, whatever came of it.
  if (!request.dry_run)
    then = [session, report = std::move(then)](const Reply& reply) {
      session->running().forget();
      session->driving_jobs().forget_suspended();
      report(reply);
    };
  const auto refuse = [&then](cockpit_status status, const std::string& title, const std::string& detail) {
    then(refusal({status, title, detail}));
  };
  if (!request.expect.empty())
    return refuse(COCKPIT_UNSUPPORTED, "Not known here", "This action expects nothing; nothing was done.");
  if (is_job_action(request.action))
    return act_on_jobs(session, request, std::move(context), std::move(then));
  act_on_batches(session, request, std::move(context), std::move(then));
}

}  // namespace batch_view
