#include "storage/family.hpp"

namespace connectd::storage {
namespace {

constexpr std::array<std::string_view, family_count> names{
    "meta",     "data_keys", "workspaces",  "api_keys", "operators", "credentials", "profiles", "sessions",
    "accounts", "tokens",    "refresh_due", "webhooks", "outbox",    "events",      "audit",
};

} // namespace

std::string_view name_of(family which) noexcept {
    return names[index_of(which)];
}

} // namespace connectd::storage
