// The filters, sorting and paging of a list request, from a query string or from a JSON body, with the
// engine's own refusals for values it cannot read. A name nobody asks for is ignored, as engines do. Lives
// for one request.
#pragma once

#include <initializer_list>
#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "instant.hpp"
#include "url.hpp"

namespace demo_engine {

struct SortKey {
  std::string by;
  bool descending = false;
};

/// What one request asks. Every reader throws Refusal for a value of the wrong type.
class Filters {
 public:
  virtual ~Filters() = default;
  virtual std::optional<std::string> text(const std::string& name) const = 0;
  virtual std::optional<bool> flag(const std::string& name) const = 0;
  virtual std::optional<long> number(const std::string& name) const = 0;
  virtual std::optional<Instant> instant(const std::string& name) const = 0;
  /// Nothing when absent; engines treat an empty list like an absent one.
  virtual std::optional<std::vector<std::string>> list(const std::string& name) const = 0;
  /// Refuses keys that are not among `known`.
  virtual std::vector<SortKey> sorting(const std::vector<std::string>& known) const = 0;

  /// `…=false` of most filters means no filter at all.
  bool is_set(const std::string& name) const { return flag(name).value_or(false); }
};

/// Whether a text is given for any of these names.
bool names_any(const Filters& filters, std::initializer_list<const char*> names);

class QueryFilters final : public Filters {
 public:
  /// Keeps a reference: `target` outlives this.
  explicit QueryFilters(const Target& target) : target_(target) {}
  std::optional<std::string> text(const std::string& name) const override;
  std::optional<bool> flag(const std::string& name) const override;
  std::optional<long> number(const std::string& name) const override;
  std::optional<Instant> instant(const std::string& name) const override;
  std::optional<std::vector<std::string>> list(const std::string& name) const override;
  std::vector<SortKey> sorting(const std::vector<std::string>& known) const override;

 private:
  const Target& target_;
};

class BodyFilters final : public Filters {
 public:
  /// Keeps a reference: `body`, an object, outlives this.
  explicit BodyFilters(const nlohmann::ordered_json& body) : body_(body) {}
  std::optional<std::string> text(const std::string& name) const override;
  std::optional<bool> flag(const std::string& name) const override;
  std::optional<long> number(const std::string& name) const override;
  std::optional<Instant> instant(const std::string& name) const override;
  std::optional<std::vector<std::string>> list(const std::string& name) const override;
  std::vector<SortKey> sorting(const std::vector<std::string>& known) const override;

 private:
  std::vector<SortKey> single_sorting(const std::vector<std::string>& known) const;

  const nlohmann::ordered_json& body_;
};

/// Rows one answer may have at most; more are refused as engines with a query limit do.
inline constexpr std::size_t kMaxRowsOfAnswer = 100'000;

struct Page {
  std::size_t first = 0;
  std::size_t most = std::numeric_limits<std::size_t>::max();
};

/// firstResult and maxResults. What is no 32-bit number: 404, as the engine answers; below the least sensible
/// value: an empty page.
Page read_page(const Target& target);

}  // namespace demo_engine
