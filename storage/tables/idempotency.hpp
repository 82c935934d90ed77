// Answers that are given once more when a request is repeated with its Idempotency-Key. They share the family
// of the API keys. What the answer says is sealed: some show a key or a secret, once.
#pragma once

#include "storage/tables/table.hpp"

#include <map>

namespace connectd::storage {

struct kept_answer {
    std::string digest;             // of the Idempotency-Key, 32 bytes
    crypto::workspace_id workspace; // nil: of the operator
    std::uint32_t status = 0;
    std::map<std::string, std::string> headers;
    crypto::sealed content; // the digest of the request, then the body
    sys_ms expires_at{};

    bool operator==(kept_answer const&) const = default;
};
BOOST_DESCRIBE_STRUCT(kept_answer, (), (digest, workspace, status, headers, content, expires_at))

class kept_answers : public table<kept_answers, kept_answer> {
  public:
    static constexpr family where = family::api_keys;

    static std::string key(crypto::workspace_id workspace, std::string_view digest);
    static std::string key(kept_answer const& record) { return key(record.workspace, record.digest); }
    static std::vector<index_row> indexes(kept_answer const& record);

    static task<result<std::optional<stored<kept_answer>>>> get(kv& store, crypto::workspace_id workspace,
                                                                std::string digest);

    // All of a workspace.
    static key_range rows_of(crypto::workspace_id workspace);

    // No more than `most` are counted.
    static task<result<std::size_t>> count(kv& store, crypto::workspace_id workspace, std::size_t most);

    // Those that are over at `now`, of all workspaces, earliest first.
    static task<result<listing<kept_answer>>>
    list_expired(kv& store, sys_ms now, std::optional<std::string> cursor, std::size_t limit);
};

} // namespace connectd::storage
