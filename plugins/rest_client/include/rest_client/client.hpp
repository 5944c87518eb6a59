// The HTTP/1.1 client of plugins: connections kept alive, deadlines, careful retries, several servers of one
// cluster.
//
// Thread: everything here is called on the one thread that runs the io_context, and callbacks are called
// there. A callback is called exactly once a call, never from inside send(), cancel() or close(), as long as
// the io_context runs; it may use or destroy the client. The io_context has work until the client is closed.
// A client stands for one person: its credentials go with every request, and identical GETs in flight are
// joined.
#pragma once

#include <cstdint>
#include <memory>

#include "rest_client/message.hpp"
#include "rest_client/options.hpp"
#include "rest_client/url.hpp"

namespace boost::asio {
class io_context;
}

namespace rest_client {

using CallId = std::uint64_t;  // never 0, never used twice by one client

class Client {
 public:
  // Throws InvalidOptions. The io_context must live longer than the client.
  Client(boost::asio::io_context& context, Options options);
  ~Client();  // close()
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Never fails itself: every way it can go wrong arrives as a Failure.
  CallId send(Request request, Callback callback);

  // The call ends with FailureKind::cancelled, or outcome_unknown if a change was already sent; no effect on
  // a call that has its answer. Others who joined the same GET keep it.
  void cancel(CallId call);

  // Ends every call with FailureKind::shutting_down (outcome_unknown as above), closes the connections and
  // wipes the secrets. Later send()s fail with shutting_down.
  void close();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace rest_client
