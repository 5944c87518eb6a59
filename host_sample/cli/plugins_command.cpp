// `cockpit-host plugins`: what is in the folder, what serves, what was refused and why.
#include <boost/asio/io_context.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/table.hpp"

namespace host::cli {

int list_plugins(const Configuration& configuration, const Program& program, bool json) {
  boost::asio::io_context io{1};
  views::Service service{io, service_options(configuration, program, false)};
  std::string state;
  service.start([&] {
    state = service.state_json(false);
    service.stop([&io](bool) { io.stop(); });
  });
  io.run();
  const auto told = nlohmann::json::parse(state);
  if (json) {
    std::cout << told.at("plugins").dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    return done;
  }
  if (const auto reason = told.value("folder", ""); !reason.empty()) {
    std::cerr << "The plugin folder is not used: " << reason << '\n';
    return bad_configuration;
  }
  Table table{{{"File", false}, {"State", false}, {"Plugin", false}, {"Version", false}, {"Reason", false}}};
  for (const auto& plugin : told.at("plugins"))
    table.add({plugin.value("file", ""), plugin.value("state", ""), plugin.value("id", ""),
               plugin.value("version", ""), plugin.value("reason", "")});
  std::cout << table.text();
  return done;
}

}  // namespace host::cli
