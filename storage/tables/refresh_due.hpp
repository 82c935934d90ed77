// When each account's token is to be refreshed, earliest first, over all workspaces. The rows say everything
// in their keys; a changed due time is an erase and a put in one batch.
#pragma once

#include "storage/tables/table.hpp"

namespace connectd::storage {

struct refresh_due {
    sys_ms due{};
    crypto::workspace_id workspace;
    crypto::account_id account;

    bool operator==(refresh_due const&) const = default;
};
BOOST_DESCRIBE_STRUCT(refresh_due, (), (due, workspace, account))

class refresh_dues : public table<refresh_dues, refresh_due> {
  public:
    static constexpr family where = family::refresh_due;

    static std::string key(refresh_due const& record);
    static std::vector<index_row> indexes(refresh_due const&) { return {}; }

    // The entries due at `until` or before, earliest first.
    static task<result<listing<refresh_due>>> list_due(kv& store, sys_ms until,
                                                       std::optional<std::string> cursor, std::size_t limit);
};

} // namespace connectd::storage
