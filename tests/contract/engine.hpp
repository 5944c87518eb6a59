// The engine under test, asked through the project's own REST client. Blocking, for tests; one thread.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

namespace contract {

using Json = nlohmann::json;

/// Waiting for an engine to get somewhere. Generous: a real one may look for work only once a minute.
inline constexpr std::chrono::seconds kPatience{120};

struct Reply {
  int status = 0;
  std::string type;
  std::string body;
  Json json() const { return Json::parse(body); }
};

class Engine {
 public:
  /// COCKPIT_ENGINE_URL: everybody may everything.
  static Engine& open();
  /// COCKPIT_GUARDED_ENGINE_URL, with HTTP Basic.
  static Engine guarded(const std::string& user, const std::string& password);
  /// Without credentials.
  static Engine guarded();

  ~Engine();
  Engine(Engine&&) noexcept;

  /// A call that brings no answer at all fails the test. `target`: path and query below the base URL.
  Reply get(const std::string& target, const std::string& accept = "application/json");
  Reply post(const std::string& target, const Json& body);
  Reply put(const std::string& target, const Json& body);
  Reply del(const std::string& target);
  // DELETE of a running batch, with the query that is given. A real engine refuses it when one of its jobs
  // ends at the same moment (ENGINE-03005), and does it the next: asked up to five times.
  Reply del_batch(const std::string& target);
  /// A body as it is, of any type.
  Reply put_raw(const std::string& target, const std::string& body, const std::string& type);

  /// The JSON of a GET that must succeed.
  Json read(const std::string& target);
  std::size_t count(const std::string& target);

  const std::string& url() const;
  /// Whether it is at least Camunda 7.`minor`; Operaton, whose versions begin at 1, is younger than all of
  /// them.
  bool since(int minor);

 private:
  struct Parts;
  explicit Engine(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
  std::string version_;  ///< Empty until it was asked.
};

/// Asks again until it is so; false after kPatience.
bool eventually(const std::function<bool()>& condition);

/// For one query value or path segment.
std::string encoded(const std::string& text);

}  // namespace contract
