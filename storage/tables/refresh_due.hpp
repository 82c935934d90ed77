// The next moment at which something is to be done about each account's token, earliest first, over all
// workspaces: a refresh, or a word to the customer where only a person can help. At most one row an account,
// and which one follows from the account's row (`due_of`), so whoever changes the account moves it in the
// same batch.
#pragma once

#include "storage/tables/accounts.hpp"
#include "storage/tables/table.hpp"

namespace connectd::storage {

enum class due_kind : std::uint8_t {
    refresh = 1,
    notice = 2, // the token ends and cannot be refreshed: warn, or say that it has ended
};
BOOST_DESCRIBE_ENUM(due_kind, refresh, notice)

struct refresh_due {
    sys_ms due{};
    crypto::workspace_id workspace;
    crypto::account_id account;
    due_kind kind = due_kind::refresh;
    std::string lane = {}; // of the account; empty in rows of programs that did not know it

    bool operator==(refresh_due const&) const = default;
};
BOOST_DESCRIBE_STRUCT(refresh_due, (), (due, workspace, account, kind, lane))

// Whom a refresh of the account burdens: the platform, and the account's own server where it has one.
std::string lane_of(account const& record);

// The row that belongs to an account: the earlier of its next refresh and its next notice.
std::optional<refresh_due> due_of(account const& record);

class refresh_dues : public table<refresh_dues, refresh_due> {
  public:
    static constexpr family where = family::refresh_due;

    static std::string key(refresh_due const& record);
    static std::vector<index_row> indexes(refresh_due const&) { return {}; }

    // Moves the row of an account that changes from `before` to `after`; neither needs to have one.
    static void move(write_batch& batch, std::optional<refresh_due> const& before,
                     std::optional<refresh_due> const& after);

    // The entries due at `until` or before, earliest first. A cursor may also be `cursor_at` of a moment that
    // is not later than `until`.
    static task<result<listing<refresh_due>>> list_due(kv& store, sys_ms until,
                                                       std::optional<std::string> cursor, std::size_t limit);

    // Before everything due at `moment`, behind everything due earlier.
    static std::string cursor_at(sys_ms moment);
};

} // namespace connectd::storage
