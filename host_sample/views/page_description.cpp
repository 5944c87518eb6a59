#include "views/page_description.hpp"

#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

#include "base/json_text.hpp"

namespace host::views {
namespace {

using nlohmann::json;

void keep_language(json& strings, const std::string& language) {
  const auto of_use = [&language](const std::string& name) {
    return name == "en" || name == language || name.rfind(language + "-", 0) == 0;
  };
  json kept = json::object();
  for (auto& [name, words] : strings.items())
    if (of_use(name)) kept[name] = std::move(words);
  if (kept.empty()) return;
  // English stands in for what the language itself lacks.
  const auto own = kept.find(language);
  const auto english = kept.find("en");
  if (language != "en" && own != kept.end() && english != kept.end())
    for (const auto& [key, text] : own->items()) english->erase(key);
  strings = std::move(kept);
}

// The keys that a JSON text names: "%key%", or "%key:count%" for one with a plural.
std::set<std::string, std::less<>> keys_in(std::string_view text) {
  std::set<std::string, std::less<>> keys;
  for (auto at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
    const auto end =
        text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-", at + 1);
    if (end != std::string_view::npos && end > at + 1 && (text[end] == '%' || text[end] == ':'))
      keys.emplace(text.substr(at + 1, end - at - 1));
  }
  return keys;
}

// A plural stands under "key.one", "key.other"…
bool belongs_to(std::string_view name, const std::set<std::string, std::less<>>& keys) {
  return keys.contains(name) || keys.contains(name.substr(0, name.rfind('.')));
}

// In a list a state's sentence is shown only to who points at it.
void leave_out_sentences(json& list) {
  const auto columns = list.find("columns");
  if (columns == list.end()) return;
  for (auto& column : *columns) {
    const auto map = column.find("map");
    if (map == column.end()) continue;
    for (auto& entry : *map) entry.erase("text");
  }
}

void keep_lists(json& tree) {
  for (auto& [name, view] : tree.at("views").items()) {
    if (view.value("kind", "") == "details") view = json{{"kind", "details"}};
    if (const auto lists = view.find("lists"); lists != view.end())
      for (auto& list : *lists) leave_out_sentences(list);
  }
  const auto strings = tree.find("strings");
  if (strings == tree.end()) return;
  const json words = std::exchange(*strings, nullptr);
  const auto here = keys_in(json_text(tree));
  json kept = json::object();
  for (const auto& [language, table] : words.items()) {
    auto& into = kept[language] = json::object();
    for (const auto& [name, text] : table.items())
      if (belongs_to(name, here)) into[name] = text;
  }
  *strings = std::move(kept);
}

}  // namespace

std::string page_description(const std::string& description, const std::string& language, Extent extent) {
  auto tree = parse_json(description);
  if (!tree.is_object()) return description;
  if (const auto strings = tree.find("strings"); strings != tree.end() && !language.empty())
    keep_language(*strings, language);
  if (extent == Extent::lists) keep_lists(tree);
  return json_text(tree);
}

}  // namespace host::views
