#include "base/log.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace host::log {
namespace {

spdlog::logger& logger() {
  static const auto made = [] {
    auto to_stderr = spdlog::stderr_color_mt("cockpit-host");
    to_stderr->set_level(spdlog::level::warn);
    to_stderr->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %^%l%$ %v");
    return to_stderr;
  }();
  return *made;
}

}  // namespace

void set_up(Level lowest) {
  switch (lowest) {
    case Level::debug:
      logger().set_level(spdlog::level::debug);
      break;
    case Level::info:
      logger().set_level(spdlog::level::info);
      break;
    case Level::warning:
      logger().set_level(spdlog::level::warn);
      break;
    case Level::error:
      logger().set_level(spdlog::level::err);
      break;
  }
}

void debug(std::string_view line) {
  logger().debug("{}", line);
}
void info(std::string_view line) {
  logger().info("{}", line);
}
void warning(std::string_view line) {
  logger().warn("{}", line);
}
void error(std::string_view line) {
  logger().error("{}", line);
}

}  // namespace host::log
