// `view --watch`, and waiting until something is so: an answer that changes, on stdout.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/io.hpp"
#include "cli/command_context.hpp"
#include "cli/commands.hpp"
#include "cli/table.hpp"
#include "views/live.hpp"

namespace host::cli {

// I/O thread; owner: the command. Ends the command: with 0 when what was waited for is so or, without such a
// wait, when it is interrupted or its time is over; with 7 when the time was over first.
class LiveView {
 public:
  LiveView(CommandContext& context, const ViewRequest& request, views::Question question,
           std::shared_ptr<const views::Description> description);
  LiveView(const LiveView&) = delete;
  LiveView& operator=(const LiveView&) = delete;
  void begin();

 private:
  void on_update(const views::LiveUpdate& update);
  void show(const std::string& body);
  void show_age();
  void tick();
  void over(int code);
  bool is_so(const nlohmann::json& answer) const;

  CommandContext& context_;
  const ViewRequest& request_;
  views::Question question_;
  std::shared_ptr<const views::Description> description_;
  views::Live::Id listening_ = 0;
  Timer age_, time_;
  bool redraws_;  // stdout is a terminal
  std::string shown_;
  std::uint64_t as_of_ = 0;
  std::string problem_;  // why there is nothing newer
  bool ending_ = false;
};

}  // namespace host::cli
