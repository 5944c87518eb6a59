// The entry of the library: calls of the ABI become work on the plugin's own thread.
//
// Everything but the constructor, the destructor and the posting runs on that one thread.
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cockpit/sdk.hpp>
#include <thread>

#include "dispatcher.hpp"
#include "engine/asio_environment.hpp"

namespace batch_view {
namespace {

using cockpit::Call;

class BatchView final : public cockpit::Plugin {
 public:
  explicit BatchView(cockpit::Host host)
      : environment_([host](std::string_view line) { host.log(COCKPIT_LOG_ERROR, line); }),
        dispatcher_(std::make_shared<Dispatcher>(environment_)),
        work_(environment_.io().get_executor()),
        thread_([this] { run(); }) {}
  ~BatchView() override {
    stop();
    work_.reset();
    thread_.join();
  }
  BatchView(const BatchView&) = delete;
  BatchView& operator=(const BatchView&) = delete;

  void invoke(Call call, const cockpit::Request& request) override {
    post([this, call = share(std::move(call)), incoming = incoming_of(request)] {
      dispatcher_->invoke(std::move(*call), incoming);
    });
  }
  void watch(Call call, const cockpit::Request& request) override {
    post([this, call = share(std::move(call)), incoming = incoming_of(request)] {
      dispatcher_->watch(std::move(*call), incoming);
    });
  }
  void cancel(cockpit_call call) noexcept override {
    try {
      post([this, call] { dispatcher_->cancel(call); });
    } catch (const std::exception& error) {  // advice that cannot be taken: the call ends by itself
      environment_.report(error.what());
    }
  }
  cockpit_status authority_open(cockpit_authority authority,
                                const cockpit::Credentials& credentials) override {
    post([this, authority, engine = std::string{credentials.engine}, kind = credentials.kind,
          user = std::string{credentials.user}, secret = std::string{credentials.secret}]() mutable {
      dispatcher_->open_authority(authority, engine, kind, std::move(user), std::move(secret));
    });
    return COCKPIT_OK;
  }
  void authority_close(cockpit_authority authority) override {
    post([this, authority] { dispatcher_->close_authority(authority); });
  }
  void configure(Call call, std::string_view json) override {
    post([this, call = share(std::move(call)), json = std::string{json}] {
      dispatcher_->configure(std::move(*call), json);
    });
  }
  void stop() override {
    post([this] { dispatcher_->stop(); });
  }

 private:
  // What is posted has to be copyable.
  static std::shared_ptr<Call> share(Call call) { return std::make_shared<Call>(std::move(call)); }
  Dispatcher::Incoming incoming_of(const cockpit::Request& request) const {
    Dispatcher::Incoming incoming{request.authority, std::string{request.body}, std::nullopt};
    if (request.deadline_ms != 0)
      incoming.deadline = environment_.now() + std::chrono::milliseconds{request.deadline_ms};
    return incoming;
  }
  template <class Work>
  void post(Work work) {
    boost::asio::post(environment_.io(), std::move(work));
  }
  // An exception ends what was at work, whose call then ends INTERNAL; all else goes on.
  void run() noexcept {
    for (bool over = false; !over;) {
      try {
        environment_.io().run();
        over = true;
      } catch (const std::exception& error) {
        environment_.report(std::string{"an unexpected error ended one call: "} + error.what());
      } catch (...) {
        environment_.report("an unexpected error ended one call");
      }
    }
  }

  AsioEnvironment environment_;
  std::shared_ptr<Dispatcher> dispatcher_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::thread thread_;
};

}  // namespace
}  // namespace batch_view

COCKPIT_PLUGIN(batch_view::BatchView, "batch-view", "Batches", "0.1.0");
