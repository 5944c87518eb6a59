// One open tab: its event stream and its watches.
//
// I/O thread. Events that a slow tab has not taken yet are merged: of each watch only the newest answer
// waits.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "base/io.hpp"
#include "http/gzip_stream.hpp"
#include "http/server.hpp"
#include "views/service.hpp"

namespace host::http {

class Tab : public std::enable_shared_from_this<Tab> {
 public:
  static constexpr std::size_t most_watches = 256;  // of all tabs that share the stream
  static constexpr auto heartbeat = std::chrono::seconds{15};

  Tab(IoContext& io, views::Service& service, std::shared_ptr<Stream> stream, std::string id, bool gzip,
      std::string language);
  ~Tab();
  Tab(const Tab&) = delete;
  Tab& operator=(const Tab&) = delete;

  // Sends `open`, `host` and every kept run, and begins the heartbeat.
  void begin();
  // The whole set of watches: `[{"key", …question}]`. Empty, or what is wrong with its form; then nothing
  // changed. A question that cannot be asked is answered under its key, and the others go on.
  std::string set_watches(const nlohmann::json& watches);
  // The state of the host and its plugins, in the words of this tab's language.
  void send_host_state();
  // An event of its own: `data` is JSON on one line.
  void send(const std::string& event, const std::string& data);
  const std::string& id() const { return id_; }

 private:
  struct Watched {
    std::string question;  // canonical, to see whether it changed
    views::Live::Id listening = 0;
  };
  void on_update(const std::string& key, const views::LiveUpdate& update);
  void flush();
  void send_heartbeat();
  void write(const std::string& text);

  views::Service& service_;
  std::shared_ptr<Stream> stream_;
  std::string id_;
  std::string language_;              // "de"; empty: not known
  std::unique_ptr<GzipStream> gzip_;  // null: the other side does not take it
  std::map<std::string, Watched> watches_;
  // What arrived and was not yet sent: the newest answer, and the error that came after it.
  struct Pending {
    std::optional<views::LiveUpdate> answer, error;
  };
  std::map<std::string, Pending> waiting_;
  Timer timer_;
};

}  // namespace host::http
