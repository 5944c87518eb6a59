#include "model/batch.hpp"

#include "model/time.hpp"

namespace batch_view {

bool passes(const Batch& batch, const BatchFilter& filter) {
  if (!filter.id.empty() && batch.id != filter.id) return false;
  if (!filter.type.empty() && batch.type != filter.type) return false;
  if (!filter.user.empty() && batch.user != filter.user &&
      (!batch.user || filter.same_name.count(*batch.user) == 0))
    return false;
  if (filter.without_tenant && batch.tenant) return false;
  if (!filter.without_tenant && !filter.tenant.empty() && batch.tenant != filter.tenant) return false;
  if (filter.suspended && batch.suspended != *filter.suspended) return false;
  if (filter.failures && (batch.failed > 0) != *filter.failures) return false;
  const auto start = batch.start ? ms_of(*batch.start) : std::nullopt;
  if (filter.started_after && (!start || *start < *ms_of(*filter.started_after))) return false;
  if (filter.started_before && (!start || *start > *ms_of(*filter.started_before))) return false;
  return true;
}

bool possible_id(const std::string& id) {
  if (id.empty() || id.size() > 255 || id == "." || id == "..") return false;
  for (const char c : id)
    if (c == '/' || c == '\\' || c == '%' || c == ';' || static_cast<unsigned char>(c) < 0x20) return false;
  return true;
}

}  // namespace batch_view
