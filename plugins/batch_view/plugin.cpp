// The door of the plugin: calls of the ABI become work on the plugin's own thread, and answers become
// completions.
//
// Everything but the constructor, the destructor and the posting runs on that one thread, on its io_context.
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cockpit/sdk.hpp>
#include <map>
#include <thread>

#include "actions.hpp"
#include "description.hpp"
#include "engines.hpp"
#include "watch.hpp"

namespace batch_view {
namespace {

namespace asio = boost::asio;
using cockpit::Call;

class BatchView final : public cockpit::Plugin {
 public:
  explicit BatchView(cockpit::Host host)
      : host_(std::move(host)), engines_(io_), work_(io_.get_executor()), thread_([this] { io_.run(); }) {}
  ~BatchView() override {
    work_.reset();
    thread_.join();
  }
  BatchView(const BatchView&) = delete;
  BatchView& operator=(const BatchView&) = delete;

  void invoke(Call call, const cockpit::Request& request) override {
    post([this, call = share(std::move(call)), body = std::string{request.body},
          authority = request.authority] { asked(call, body, authority); });
  }
  void watch(Call call, const cockpit::Request& request) override {
    post([this, call = share(std::move(call)), body = std::string{request.body},
          authority = request.authority] { watched(call, body, authority); });
  }
  void cancel(cockpit_call call) noexcept override {
    post([this, call] { cancelled(call); });
  }
  cockpit_status authority_open(cockpit_authority authority,
                                const cockpit::Credentials& credentials) override {
    post([this, authority, engine = std::string{credentials.engine}, kind = credentials.kind,
          user = std::string{credentials.user}, secret = std::string{credentials.secret}]() mutable {
      engines_.open(authority, engine, kind, std::move(user), std::move(secret));
    });
    return COCKPIT_OK;
  }
  void authority_close(cockpit_authority authority) override {
    post([this, authority] {
      end_watches(authority, {COCKPIT_CANCELLED, "Signed out", "These rights are no longer in use."});
      engines_.close(authority);
    });
  }
  void configure(Call call, std::string_view json) override {
    post([this, call = share(std::move(call)), json = std::string{json}] {
      const auto why = engines_.configure(json);
      if (!why.empty()) {
        call->fail(COCKPIT_INVALID, "Configuration refused", why);
        return;
      }
      // Watches of engines that are still there go on under the new configuration: the host opens them again.
      end_watches(0, {COCKPIT_STOPPING, "Configured anew", "The configuration changed."});
      call->ok("{}");
    });
  }
  void stop() override {
    post([this] {
      stopping_ = true;
      end_watches(0, {COCKPIT_STOPPING, "Ending", "The plugin is being stopped."});
      const auto reading = std::exchange(reading_, {});
      for (const auto& [id, call] : reading)
        call->fail(COCKPIT_STOPPING, "Ending", "The plugin is being stopped.");
      for (const auto& [id, flag] : acting_) *flag = true;  // what was begun is finished, the rest is skipped
      if (acting_.empty()) engines_.close_all();
    });
  }

 private:
  using Shared = std::shared_ptr<Call>;
  static Shared share(Call call) { return std::make_shared<Call>(std::move(call)); }
  template <class Work>
  void post(Work work) {
    asio::post(io_, std::move(work));
  }
  static void refuse(Call& call, const Problem& problem) {
    call.complete(problem.status, problem_body(problem));
  }

  void asked(const Shared& call, const std::string& body, cockpit_authority authority) {
    if (stopping_) return refuse(*call, {COCKPIT_STOPPING, "Ending", "The plugin is being stopped."});
    auto parsed = parse_request(body);
    if (const auto* problem = std::get_if<Problem>(&parsed)) return refuse(*call, *problem);
    const auto& request = std::get<Request>(parsed);
    if (request.kind == "describe") {
      call->ok(description());
      return;
    }
    auto sessions = engines_.sessions(authority, request.engines);
    if (const auto* problem = std::get_if<Problem>(&sessions)) return refuse(*call, *problem);
    const auto& found = std::get<Sessions>(sessions);
    for (const auto& session : found) session->engine().try_again();
    if (request.kind == "action") return acted(call, request, found);
    if (request.kind != "rows" && request.kind != "details")
      return refuse(*call, {COCKPIT_UNSUPPORTED, "Not known here",
                            "Requests of kind \"" + request.kind + "\" are not known."});
    reading_[call->id()] = call;
    answer(found, request, [this, call, id = call->id()](const Reply& reply) {
      reading_.erase(id);
      call->complete(reply.status, reply.body);
    });
  }

  void acted(const Shared& call, const Request& request, const Sessions& sessions) {
    if (sessions.size() != 1)
      return refuse(*call, {COCKPIT_INVALID, "Which engine?", "An action names the one engine it is for."});
    Acting acting;
    acting.io = &io_;
    acting.cancelled = std::make_shared<std::atomic<bool>>(false);
    acting.progress = [call](const std::string& progress) { call->progress(progress); };
    acting_[call->id()] = acting.cancelled;
    act(sessions.front(), request, std::move(acting),
        [this, call, id = call->id(), session = sessions.front()](const Reply& reply) {
          acting_.erase(id);
          // The outcome first: only what is asked after it tells what came of it.
          call->complete(reply.status, reply.body);
          for (const auto& [watching, watch] : watches_)
            for (const auto& used : watch.watch->sessions())
              if (used->engine_id() == session->engine_id()) watch.watch->poke();
          if (stopping_ && acting_.empty()) engines_.close_all();
        });
  }

  void watched(const Shared& call, const std::string& body, cockpit_authority authority) {
    if (stopping_) return refuse(*call, {COCKPIT_STOPPING, "Ending", "The plugin is being stopped."});
    auto parsed = parse_request(body);
    if (const auto* problem = std::get_if<Problem>(&parsed)) return refuse(*call, *problem);
    auto& request = std::get<Request>(parsed);
    request.watched = true;
    if (request.kind != "rows" && request.kind != "details")
      return refuse(*call, {COCKPIT_UNSUPPORTED, "Not watchable", "Only rows and details can be watched."});
    auto sessions = engines_.sessions(authority, request.engines);
    if (const auto* problem = std::get_if<Problem>(&sessions)) return refuse(*call, *problem);
    const auto id = call->id();
    const auto watch = std::make_shared<Watch>(io_, std::move(*call), std::get<Sessions>(std::move(sessions)),
                                               std::move(request), [this, id] { watches_.erase(id); });
    for (const auto& session : watch->sessions()) session->engine().try_again();
    watches_[id] = {authority, watch};
    watch->begin();
  }

  void cancelled(cockpit_call id) {
    const Problem problem{COCKPIT_CANCELLED, "Cancelled", "Nobody waits for it any more."};
    if (const auto at = watches_.find(id); at != watches_.end()) {
      const auto watch = at->second.watch;
      watches_.erase(at);
      watch->end(problem.status, problem_body(problem));
    }
    if (const auto at = reading_.find(id); at != reading_.end()) {
      const auto call = at->second;
      reading_.erase(at);
      refuse(*call, problem);
    }
    if (const auto at = acting_.find(id); at != acting_.end()) *at->second = true;
  }

  // Of one authority, or with 0 of all.
  void end_watches(cockpit_authority authority, const Problem& why) {
    for (auto at = watches_.begin(); at != watches_.end();) {
      if (authority != 0 && at->second.authority != authority) {
        ++at;
        continue;
      }
      const auto watch = at->second.watch;
      at = watches_.erase(at);
      watch->end(why.status, problem_body(why));
    }
  }

  struct Watched {
    cockpit_authority authority = 0;
    std::shared_ptr<Watch> watch;
  };

  cockpit::Host host_;
  asio::io_context io_{1};
  Engines engines_;
  std::map<cockpit_call, Watched> watches_;
  std::map<cockpit_call, Shared> reading_;
  std::map<cockpit_call, std::shared_ptr<std::atomic<bool>>> acting_;
  bool stopping_ = false;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::thread thread_;
};

}  // namespace
}  // namespace batch_view

COCKPIT_PLUGIN(batch_view::BatchView, "batch-view", "Batches", "0.1.0");
