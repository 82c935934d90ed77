// The sealed tokens of accounts: one row an account, with the generation that refreshing moves on.
#pragma once

#include "storage/tables/table.hpp"

namespace connectd::storage {

struct token {
    crypto::account_id account;
    crypto::workspace_id workspace;
    std::uint64_t generation = 0;
    crypto::sealed material;
    sys_ms issued_at{};
    std::optional<sys_ms> access_expires_at;
    std::optional<sys_ms> refresh_expires_at;
    // Set from before this generation's token is spent until the outcome is known: since when. What is found
    // set was cut off, by a crash or by an answer that never came, and the token may be spent or not.
    std::optional<sys_ms> spending_since = {};
    std::uint32_t failures = 0; // attempts in a row to refresh it that failed

    bool operator==(token const&) const = default;
};
BOOST_DESCRIBE_STRUCT(token, (),
                      (account, workspace, generation, material, issued_at, access_expires_at,
                       refresh_expires_at, spending_since, failures))

class tokens : public table<tokens, token> {
  public:
    static constexpr family where = family::tokens;

    static std::string key(crypto::workspace_id workspace, crypto::account_id account);
    static std::string key(token const& record) { return key(record.workspace, record.account); }
    static std::vector<index_row> indexes(token const&) { return {}; }

    static task<result<std::optional<stored<token>>>> get(kv& store, crypto::workspace_id workspace,
                                                          crypto::account_id account);

    // The tokens of one workspace, in the order of their accounts; for re-sealing under a new data key.
    static task<result<listing<token>>> list(kv& store, crypto::workspace_id workspace,
                                             std::optional<std::string> cursor, std::size_t limit);
};

} // namespace connectd::storage
