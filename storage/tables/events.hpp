// The append-only log of what happened in a workspace. Events are created once and never change.
#pragma once

#include "storage/tables/table.hpp"

namespace connectd::storage {

struct event {
    crypto::event_id id;
    crypto::workspace_id workspace;
    std::string type;
    std::optional<crypto::account_id> account;
    std::string data; // JSON text
    sys_ms created_at{};

    bool operator==(event const&) const = default;
};
BOOST_DESCRIBE_STRUCT(event, (), (id, workspace, type, account, data, created_at))

class events : public table<events, event> {
  public:
    static constexpr family where = family::events;

    static std::string key(crypto::workspace_id workspace, crypto::event_id id);
    static std::string key(event const& record) { return key(record.workspace, record.id); }
    static std::vector<index_row> indexes(event const&) { return {}; }

    static task<result<std::optional<stored<event>>>> get(kv& store, crypto::workspace_id workspace,
                                                          crypto::event_id id);

    // The events of one workspace after `after` (or from the first), oldest first. Ids of one millisecond are
    // in no particular order, so a reader that polls should stay a moment behind the present.
    static task<result<listing<event>>> list_after(kv& store, crypto::workspace_id workspace,
                                                   std::optional<crypto::event_id> after, std::size_t limit);
};

} // namespace connectd::storage
