// The append-only log of what happened in a workspace. Events are created once and never change.
//
// Ids say roughly when an event happened; the order of the log is that of the commits. So a reader that goes
// on from the place of the last event it has seen misses none, however long a commit took.
#pragma once

#include "storage/tables/table.hpp"

#include <compare>

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

// Where an event stands in the log of its workspace: the number of its commit; events of one commit by id.
struct event_place {
    std::uint64_t commit = 0;
    crypto::event_id event;

    auto operator<=>(event_place const&) const = default;
};
BOOST_DESCRIBE_STRUCT(event_place, (), (commit, event))

// The row of the log: enough of an event to pass over it unread.
struct event_mark {
    std::string type;
    std::optional<crypto::account_id> account;
};
BOOST_DESCRIBE_STRUCT(event_mark, (), (type, account))

struct logged_event {
    event_place place;
    event_mark mark;
};

class events : public table<events, event> {
  public:
    static constexpr family where = family::events;

    static std::string key(crypto::workspace_id workspace, crypto::event_id id);
    static std::string key(event const& record) { return key(record.workspace, record.id); }
    static std::vector<index_row> indexes(event const&) { return {}; }

    // The event and its mark in the log. The only way into it.
    static void create(write_batch& batch, event const& record);

    // An event that is in no log: it can be read by its id.
    static void create_apart(write_batch& batch, event const& record) { table::create(batch, record); }

    // The workspace into whose log an operation writes, if it does.
    static std::optional<crypto::workspace_id> logged_for(write_batch::operation const& what);

    static task<result<std::optional<stored<event>>>> get(kv& store, crypto::workspace_id workspace,
                                                          crypto::event_id id);
    static event_place place_of(stored<event> const& found) { return {found.version, found.record.id}; }

    // The log of a workspace behind `after`, or from the first event.
    static task<result<listing<logged_event>>> read_log(kv& store, crypto::workspace_id workspace,
                                                        std::optional<event_place> after, std::size_t limit);
    // Its last event; nothing when there is none.
    static task<result<std::optional<event_place>>> last(kv& store, crypto::workspace_id workspace);

    // The same as read_log with the events themselves.
    static task<result<listing<event>>> list_after(kv& store, crypto::workspace_id workspace,
                                                   std::optional<event_place> after, std::size_t limit);
};

} // namespace connectd::storage
