// The page's protocol (README.md beside this file): routes to the service, tabs, runs, and the page itself.
// I/O thread; owner: the program.
#pragma once

#include <boost/asio/io_context.hpp>
#include <map>
#include <memory>
#include <string>

#include "http/download.hpp"
#include "http/poll_stream.hpp"
#include "http/security.hpp"
#include "http/server.hpp"
#include "http/tab.hpp"
#include "views/service.hpp"

namespace host::http {

class Api {
 public:
  static constexpr std::size_t most_tabs = 200;

  Api(boost::asio::io_context& io, views::Service& service, Access access);
  ~Api();
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  // Called once the server knows its port, before the first request.
  void listen_on(std::uint16_t port);
  void handle(const std::shared_ptr<Exchange>& exchange);
  std::size_t tabs() const { return tabs_->size(); }

 private:
  using Body = nlohmann::json;
  void page(Exchange& exchange) const;
  void answer(const std::shared_ptr<Exchange>& exchange);
  void open_session(const std::shared_ptr<Exchange>& exchange, const Body& body);
  // Answers 401: late, when many wrong ones came.
  void refuse_credential(const std::shared_ptr<Exchange>& exchange, std::string_view why);
  void open_stream(Exchange& exchange);
  void open_poll(Exchange& exchange);
  void poll(const std::shared_ptr<Exchange>& exchange, const std::string& stream);
  void add_tab(const std::string& id, const std::shared_ptr<Stream>& stream, bool gzip,
               const Request& request);
  void describe(Exchange& exchange, const std::string& plugin) const;
  void look_at(Exchange& exchange, const std::string& stream, const Body& body);
  void read(const std::shared_ptr<Exchange>& exchange, const Body& body);
  void begin_export(Exchange& exchange, const Body& body);
  void begin_run(Exchange& exchange, const Body& body);
  void list_runs(Exchange& exchange) const;
  void change_run(Exchange& exchange, const std::string& rest);
  void tell_all(const std::string& event, const std::string& data);

  boost::asio::io_context& io_;
  views::Service& service_;
  Access access_;
  std::unique_ptr<Security> security_;
  // By the name of the stream. Shared, as a connection may end after this and has to find its tab gone.
  using Tabs = std::map<std::string, std::shared_ptr<Tab>>;
  std::shared_ptr<Tabs> tabs_ = std::make_shared<Tabs>();
  std::map<std::string, std::weak_ptr<PollStream>>
      polled_;  // by the name of the stream, of those that are polled
  Downloads downloads_;
};

}  // namespace host::http
