#include "details/job_details.hpp"

#include <nlohmann/json.hpp>

#include "model/exception_text.hpp"
#include "model/long_text.hpp"
#include "session/access.hpp"
#include "session/rows.hpp"

namespace batch_view {
namespace {

using nlohmann::json;
using SessionPointer = std::shared_ptr<Session>;

// Where the engine does not tell the process instance of a job, an id in the message may be it.
void add_named(const Session& session, const JobOfBatch& found, json& fields) {
  const auto id = first_uuid(found.job.message.value_or(""), found.job.id, found.batch.id);
  if (id.empty()) return;
  fields["named"] = id;
  auto link = session.instance_link;
  if (const auto at = link.find("{id}"); at != std::string::npos)
    fields["namedLink"] = {{"href", link.replace(at, 4, id)}, {"label", id}};
}

}  // namespace

void job_details(const SessionPointer& session, const std::string& id, const Replied& then) {
  shown_job(session, id, or_reply<JobOfBatch>(then, [session, then](const JobOfBatch& found) {
              session->rights().of(
                  found.batch.id, or_reply<Rights>(then, [session, found, then](Rights rights) {
                    auto fields = job_fields(*session, found.job, found.batch);
                    if (found.job.message) fields["message"] = *found.job.message;
                    const char* instance = add_instance(*session, found.job.instance, fields);
                    add_named(*session, found, fields);
                    const json body{
                        {"fields", std::move(fields)},
                        {"_actions", job_actions(found.job, rights)},
                        {"caps", {{"linked", !session->instance_link.empty()}, {"instance", instance}}}};
                    then(done(body, true, of_a_job));
                  }));
            }));
}

void job_stack_trace(const SessionPointer& session, const std::string& id, const Replied& then) {
  shown_job(session, id, or_reply<JobOfBatch>(then, [session, id, then](const JobOfBatch&) {
              session->engine().stack_trace(
                  id,
                  or_reply<std::optional<std::string>>(then, [then](const std::optional<std::string>& trace) {
                    const json body{{"fields", {{"stackTrace", trace ? trace_of(*trace) : json{}}}}};
                    then(done(body, false, of_the_past));
                  }));
            }));
}

}  // namespace batch_view
