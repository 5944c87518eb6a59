#include "views/description.hpp"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "base/json_text.hpp"

namespace host::views {
namespace {

using nlohmann::json;

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> parts;
  std::size_t at = 0;
  while (at <= path.size()) {
    const auto end = std::min(path.find('/', at), path.size());
    parts.emplace_back(path.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

const json* by_id(const json& array, const std::string& key, const std::string& value) {
  if (!array.is_array()) return nullptr;
  for (const auto& item : array)
    if (item.is_object() && item.value(key, "") == value) return &item;
  return nullptr;
}

// The value a placeholder such as "row.id" stands for; null when there is none.
json placeholder(std::string_view name, const json& row, const json& parent, const json& settings) {
  const auto dot = name.find('.');
  if (dot == std::string_view::npos) return nullptr;
  const auto root = name.substr(0, dot);
  const std::string key{name.substr(dot + 1)};
  const json* from = root == "row"      ? &row
                     : root == "parent" ? &parent
                     : root == "config" ? &settings
                                        : nullptr;
  if (from == nullptr || !from->is_object() || !from->contains(key)) return nullptr;
  return from->at(key);
}

std::string in_text(const json& value) {
  return value.is_string() ? value.get<std::string>() : json_text(value);
}

// Params with their placeholders filled. A text that is one placeholder keeps the value's type; without a
// value it is left out.
json filled(const json& params, const json& row, const json& parent, const json& settings) {
  json result = json::object();
  for (const auto& [key, value] : params.items()) {
    if (!value.is_string()) {
      result[key] = value;
      continue;
    }
    const auto& text = value.get_ref<const std::string&>();
    if (text.size() > 2 && text.front() == '{' && text.find('}') == text.size() - 1) {
      auto found = placeholder(std::string_view{text}.substr(1, text.size() - 2), row, parent, settings);
      if (!found.is_null()) result[key] = std::move(found);
      continue;
    }
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
      const auto open = text.find('{', at);
      const auto close = open == std::string::npos ? open : text.find('}', open);
      if (close == std::string::npos) {
        out += text.substr(at);
        break;
      }
      out += text.substr(at, open - at);
      const auto found =
          placeholder(std::string_view{text}.substr(open + 1, close - open - 1), row, parent, settings);
      if (!found.is_null()) out += in_text(found);
      at = close + 1;
    }
    result[key] = out;
  }
  return result;
}

std::string kind_of_section(const std::string& type) {
  return type == "table" || type == "groups" || type == "timeline" ? "rows" : "details";
}

}  // namespace

void Description::put_common(json& request, const Question& question) {
  request["schema"] = "cockpit.view/1";
  if (!question.engines.empty()) request["engines"] = question.engines;
  if (!question.locale.empty()) request["locale"] = question.locale;
  if (!question.zone.empty()) request["zone"] = question.zone;
  if (question.again) request["again"] = true;
}

Result<std::shared_ptr<const Description>> Description::parse(const std::string& body) {
  using Parsed = Result<std::shared_ptr<const Description>>;
  auto parsed = parse_json(body);
  if (!parsed.is_object()) return Parsed::failed("the description is no JSON object");
  return Parsed::of(
      std::shared_ptr<const Description>{new Description{std::make_shared<const json>(std::move(parsed))}});
}

const json* Description::node(std::string_view at) const {
  const auto parts = split(at);
  const auto& root = *json_;
  if (parts.size() == 2 && parts[0] == "navigation") return by_id(root.at("navigation"), "id", parts[1]);
  if (parts.size() < 2 || parts[0] != "views" || !root.at("views").contains(parts[1])) return nullptr;
  const auto& view = root.at("views").at(parts[1]);
  if (parts.size() == 2) return &view;
  if (parts.size() != 4 && parts.size() != 6) return nullptr;
  if ((parts[2] != "lists" && parts[2] != "sections") || !view.contains(parts[2])) return nullptr;
  const auto* part = by_id(view.at(parts[2]), "id", parts[3]);
  if (part == nullptr || parts.size() == 4) return part;
  return parts[4] == "filters" && part->contains("filters") ? by_id(part->at("filters"), "key", parts[5])
                                                            : nullptr;
}

const json* Description::action(const std::string& id) const {
  const auto actions = json_->find("actions");
  if (actions == json_->end() || !actions->contains(id)) return nullptr;
  return &actions->at(id);
}

Result<json> Description::source_at(const Question& question, const json& settings, std::string& kind) const {
  const auto* place = node(question.at);
  if (place == nullptr) return Result<json>::failed("the description has nothing at \"" + question.at + "\"");
  const auto parts = split(question.at);
  const json* source = nullptr;
  if (parts[0] == "navigation") {
    kind = "details";
    if (place->contains("badge")) source = &place->at("badge").at("source");
  } else if (parts.size() == 6) {
    kind = "options";
    if (place->contains("optionsSource")) source = &place->at("optionsSource");
  } else {
    kind = parts.size() == 2     ? std::string{"details"}
           : parts[2] == "lists" ? std::string{"rows"}
                                 : kind_of_section(place->value("type", ""));
    if (place->contains("source")) source = &place->at("source");
  }
  if (source == nullptr)
    return Result<json>::failed("nothing is asked at \"" + question.at + "\": it has no source");
  json request;
  request["source"] = source->at("handler");
  request["params"] = filled(source->value("params", json::object()), json_object(question.row),
                             json_object(question.parent), settings);
  return Result<json>::of(std::move(request));
}

loader::BodyShape Description::shape_at(std::string_view at) const {
  using Kind = loader::BodyShape::Kind;
  const auto* place = node(at);
  if (place == nullptr) return {};
  const auto parts = split(at);
  if (parts[0] == "navigation" || parts.size() == 2) return {Kind::details, {}};
  if (parts.size() == 6) return {Kind::options, {}};
  const auto type = parts[2] == "lists" ? std::string{"table"} : place->value("type", "");
  if (type == "table") return {Kind::rows, place->value("idField", "id")};
  if (type == "groups") return {Kind::groups, {}};
  if (type == "timeline") return {Kind::timeline, {}};
  return {type == "chart" ? Kind::chart : Kind::details, {}};
}

Result<std::string> Description::read_request(const Question& question, const json& settings) const {
  using Failed = Result<std::string>;
  std::string kind;
  auto request = source_at(question, settings, kind);
  if (!request) return Failed::failed(request.reason);
  auto& body = *request;
  put_common(body, question);
  body["kind"] = kind;
  if (kind == "rows") {
    const auto& place = *node(question.at);
    const auto filters = json_object(question.filters);
    for (const auto& [key, value] : filters.items())
      if (!place.contains("filters") || by_id(place.at("filters"), "key", key) == nullptr)
        return Failed::failed("\"" + question.at + "\" has no filter \"" + key + "\"");
    if (!filters.empty()) body["filters"] = filters;
    if (!question.sort_key.empty()) {
      const auto* column =
          place.contains("columns") ? by_id(place.at("columns"), "key", question.sort_key) : nullptr;
      if (column == nullptr || !column->value("sortable", false))
        return Failed::failed("\"" + question.at + "\" cannot be sorted by \"" + question.sort_key + "\"");
      body["sort"] = {{"key", question.sort_key}, {"order", question.sort_order}};
    } else if (place.contains("sort")) {
      body["sort"] = place.at("sort");
    }
    const auto own =
        place.contains("paging") ? place.at("paging").value("size", std::uint64_t{20}) : std::uint64_t{20};
    body["page"] = {{"first", question.first}, {"size", question.size == 0 ? own : question.size}};
  } else if (!question.filters.empty() && question.filters != "{}") {
    return Failed::failed("only lists have filters");
  }
  return Failed::of(json_text(body));
}

std::vector<Description::ListName> Description::lists() const {
  std::vector<ListName> all;
  for (const auto& [name, view] : json_->at("views").items())
    for (const auto& list : view.value("lists", json::array())) {
      const auto id = list.value("id", "");
      all.push_back({name, id, words(list.value("title", id), "en"), "views/" + name + "/lists/" + id});
    }
  return all;
}

std::vector<std::string> Description::details_views() const {
  std::vector<std::string> all;
  for (const auto& [name, view] : json_->at("views").items())
    if (view.value("kind", "") == "details") all.push_back(name);
  return all;
}

std::string Description::words(std::string_view text, std::string_view locale) const {
  if (text.size() < 3 || text.front() != '%' || text.back() != '%') return std::string{text};
  const std::string key{text.substr(1, text.size() - 2)};
  const auto strings = json_->value("strings", json::object());
  for (const auto& language : {std::string{locale}, std::string{"en"}})
    if (strings.contains(language) && strings.at(language).contains(key)) return strings.at(language).at(key);
  return key;
}

}  // namespace host::views
