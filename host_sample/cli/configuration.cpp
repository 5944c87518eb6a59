#include "cli/configuration.hpp"

#include <sys/stat.h>
#include <toml++/toml.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/json_text.hpp"
#include "cli/engine_address.hpp"

namespace host::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t most_engines = 64;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string{value};
}

// What went wrong in the TOML file; thrown inside this file only.
struct Wrong {
  std::string words;
};

std::string place(const toml::node& node) {
  return "line " + std::to_string(node.source().begin.line) + ", column " +
         std::to_string(node.source().begin.column);
}

[[noreturn]] void wrong(const toml::node& node, const std::string& words) {
  throw Wrong{place(node) + ": " + words};
}

void only(const toml::table& table, std::initializer_list<std::string_view> known) {
  for (const auto& [key, node] : table) {
    bool found = false;
    for (const auto name : known) found = found || name == key.str();
    if (!found)
      throw Wrong{"line " + std::to_string(key.source().begin.line) + ": unknown key \"" +
                  std::string{key.str()} + "\""};
  }
}

std::string text_of(const toml::table& table, std::string_view key) {
  const auto* node = table.get(key);
  if (node == nullptr) return {};
  if (!node->is_string()) wrong(*node, "\"" + std::string{key} + "\" has to be a text");
  return node->as_string()->get();
}

std::vector<std::string> texts_of(const toml::table& table, std::string_view key) {
  std::vector<std::string> all;
  const auto* node = table.get(key);
  if (node == nullptr) return all;
  if (!node->is_array()) wrong(*node, "\"" + std::string{key} + "\" has to be a list of texts");
  for (const auto& item : *node->as_array()) {
    if (!item.is_string()) wrong(item, "\"" + std::string{key} + "\" has to be a list of texts");
    all.push_back(item.as_string()->get());
  }
  return all;
}

bool flag_of(const toml::table& table, std::string_view key, bool otherwise) {
  const auto* node = table.get(key);
  if (node == nullptr) return otherwise;
  if (!node->is_boolean()) wrong(*node, "\"" + std::string{key} + "\" has to be true or false");
  return node->as_boolean()->get();
}

json as_json(const toml::node& node) {
  if (const auto* table = node.as_table()) {
    json object = json::object();
    for (const auto& [key, value] : *table) object[std::string{key.str()}] = as_json(value);
    return object;
  }
  if (const auto* array = node.as_array()) {
    json list = json::array();
    for (const auto& value : *array) list.push_back(as_json(value));
    return list;
  }
  if (const auto* value = node.as_string()) return value->get();
  if (const auto* value = node.as_integer()) return value->get();
  if (const auto* value = node.as_floating_point()) return value->get();
  if (const auto* value = node.as_boolean()) return value->get();
  std::ostringstream text;
  node.visit([&text](const auto& value) {
    if constexpr (toml::is_date<decltype(value)> || toml::is_time<decltype(value)> ||
                  toml::is_date_time<decltype(value)>)
      text << value.get();
  });
  return text.str();
}

// A Host header is compared with it as it is.
std::string why_bad_name(const std::string& name) {
  const bool plain = !name.empty() && name.size() <= 255 &&
                     name.find_first_of("/@?# \t*") == std::string::npos &&
                     name.find("://") == std::string::npos;
  return plain ? std::string{}
               : "\"" + name + "\" is no name such as \"cockpit.example\" or \"localhost:18090\"";
}

Result<loader::Credentials> credentials_of(const toml::table& table) {
  loader::Credentials credentials;
  credentials.user = text_of(table, "user");
  const auto password_file = text_of(table, "password_file");
  const auto token_file = text_of(table, "token_file");
  if (!token_file.empty() && (!credentials.user.empty() || !password_file.empty()))
    return Result<loader::Credentials>::failed("a token_file, or user and password_file, not both");
  if (!token_file.empty() || !password_file.empty()) {
    auto secret = read_secret(token_file.empty() ? password_file : token_file);
    if (!secret) return Result<loader::Credentials>::failed(secret.reason);
    credentials.secret = *secret;
    credentials.kind = token_file.empty() ? COCKPIT_CREDENTIALS_BASIC : COCKPIT_CREDENTIALS_BEARER;
  } else if (!credentials.user.empty()) {
    credentials.secret = environment("COCKPIT_PASSWORD");
    credentials.kind = COCKPIT_CREDENTIALS_BASIC;
  }
  return Result<loader::Credentials>::of(std::move(credentials));
}

void take_engine(const toml::table& table, Configuration& into) {
  only(table, {"id", "name", "nodes", "user", "password_file", "token_file", "ca_file", "certificate_file",
               "key_file"});
  views::EngineSettings engine;
  engine.id = text_of(table, "id");
  engine.name = text_of(table, "name");
  engine.nodes = texts_of(table, "nodes");
  engine.ca_file = text_of(table, "ca_file");
  engine.certificate_file = text_of(table, "certificate_file");
  engine.key_file = text_of(table, "key_file");
  if (engine.id.empty()) wrong(table, "an engine needs an \"id\"");
  if (engine.name.empty()) engine.name = engine.id;
  if (engine.nodes.empty())
    wrong(table, "the engine \"" + engine.id + "\" needs \"nodes\", a list of base addresses");
  for (const auto& url : engine.nodes)
    if (const auto why = why_bad_address(url); !why.empty()) wrong(table, why);
  for (const auto& other : into.engines)
    if (other.id == engine.id) wrong(table, "two engines have the id \"" + engine.id + "\"");
  if (into.engines.size() >= most_engines) wrong(table, "more than 64 engines");
  auto credentials = credentials_of(table);
  if (!credentials) wrong(table, credentials.reason);
  engine.credentials = std::move(*credentials);
  into.engines.push_back(std::move(engine));
}

void take_file(const fs::path& file, Configuration& into) {
  const auto root = toml::parse_file(file.string());
  only(root, {"port", "plugin_folder", "state_folder", "audit_file", "token_file", "read_only", "log_level",
              "disabled", "names", "engine", "plugin"});
  if (const auto* port = root.get("port")) {
    if (!port->is_integer() || port->as_integer()->get() < 0 || port->as_integer()->get() > 65535)
      wrong(*port, "\"port\" has to be a number from 0 to 65535");
    into.port = static_cast<std::uint16_t>(port->as_integer()->get());
  }
  const auto path = [&root](std::string_view key, fs::path& place_of) {
    if (const auto text = text_of(root, key); !text.empty()) place_of = text;
  };
  path("plugin_folder", into.plugin_folder);
  path("state_folder", into.state_folder);
  path("audit_file", into.audit_file);
  path("token_file", into.token_file);
  into.read_only = flag_of(root, "read_only", false);
  if (const auto level = text_of(root, "log_level"); !level.empty()) into.log_level = level;
  for (auto& id : texts_of(root, "disabled")) into.disabled.insert(std::move(id));
  into.names = texts_of(root, "names");
  for (const auto& name : into.names)
    if (const auto why = why_bad_name(name); !why.empty()) wrong(*root.get("names"), why);
  if (const auto* engines = root.get("engine")) {
    if (!engines->is_array_of_tables()) wrong(*engines, "engines are written as [[engine]]");
    for (const auto& engine : *engines->as_array()) take_engine(*engine.as_table(), into);
  }
  if (const auto* settings = root.get("plugin")) {
    if (!settings->is_table()) wrong(*settings, "a plugin's settings are written as [plugin.ID]");
    for (const auto& [id, section] : *settings->as_table()) {
      if (!section.is_table()) wrong(section, "a plugin's settings are written as [plugin.ID]");
      into.settings[std::string{id.str()}] = json_text(as_json(section));
    }
  }
}

fs::path default_state() {
  if (const auto state = environment("XDG_STATE_HOME"); !state.empty())
    return fs::path{state} / "cockpit-host";
  const auto home = environment("HOME");
  return home.empty() ? fs::path{"/var/lib/cockpit-host"} : fs::path{home} / ".local/state/cockpit-host";
}

std::string take_flags(const Flags& flags, Configuration& into) {
  if (!flags.plugin_folder.empty()) into.plugin_folder = flags.plugin_folder;
  if (!flags.state_folder.empty()) into.state_folder = flags.state_folder;
  if (!flags.audit_file.empty()) into.audit_file = flags.audit_file;
  if (!flags.token_file.empty()) into.token_file = flags.token_file;
  if (!flags.log_level.empty()) into.log_level = flags.log_level;
  for (const auto& name : flags.names) {
    if (auto why = why_bad_name(name); !why.empty()) return why;
    into.names.push_back(name);
  }
  into.read_only = into.read_only || flags.read_only;
  into.allow_drafts = flags.allow_drafts;
  into.no_plugins = flags.no_plugins;
  if (!flags.port.empty()) {
    std::size_t used = 0;
    unsigned long port = 65536;
    try {
      port = std::stoul(flags.port, &used);
    } catch (const std::exception&) {
      used = 0;
    }
    if (used != flags.port.size() || port > 65535)
      return "the port has to be a number from 0 to 65535, not \"" + flags.port + "\"";
    into.port = static_cast<std::uint16_t>(port);
  }
  if (flags.engine_urls.empty()) return {};
  views::EngineSettings engine;
  engine.id = "default";
  engine.name = "default";
  for (const auto& url : flags.engine_urls) {
    if (auto why = why_bad_address(url); !why.empty()) return why;
    engine.nodes.push_back(url);
  }
  engine.credentials.user = environment("COCKPIT_USER");
  if (!engine.credentials.user.empty()) {
    engine.credentials.kind = COCKPIT_CREDENTIALS_BASIC;
    engine.credentials.secret = environment("COCKPIT_PASSWORD");
  }
  into.engines = {std::move(engine)};
  return {};
}

}  // namespace

Result<std::string> read_secret(const fs::path& file) {
  using Failed = Result<std::string>;
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return Failed::failed(file.string() + " cannot be read");
  if ((status.st_mode & 077) != 0)
    return Failed::failed(file.string() + " can be read by others; chmod 600 it");
  std::ifstream in{file};
  std::string line;
  if (!std::getline(in, line) || line.empty())
    return Failed::failed(file.string() + " holds no secret in its first line");
  return Failed::of(std::move(line));
}

Result<Configuration> configure(const Flags& flags, const fs::path& program) {
  using Failed = Result<Configuration>;
  Configuration made;
  made.plugin_folder = program.parent_path().parent_path() / "lib" / "cockpit" / "plugins";
  made.state_folder = default_state();
  if (!flags.config_file.empty()) {
    try {
      take_file(flags.config_file, made);
    } catch (const toml::parse_error& error) {
      return Failed::failed(flags.config_file.string() + ", line " +
                            std::to_string(error.source().begin.line) + ": " +
                            std::string{error.description()});
    } catch (const Wrong& error) {
      return Failed::failed(flags.config_file.string() + ", " + error.words);
    }
  }
  if (auto why = take_flags(flags, made); !why.empty()) return Failed::failed(why);
  if (made.audit_file.empty()) made.audit_file = made.state_folder / "audit.jsonl";
  return Failed::of(std::move(made));
}

}  // namespace host::cli
