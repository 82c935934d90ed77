// Who changed what in a workspace, as a chain: each entry holds the digest of the one before it and its own,
// so whoever changes, removes or inserts one later breaks the chain there (audit_chain.hpp looks). What the
// operator does that belongs to no workspace is the chain of the nil workspace.
//
// A chain has a head, its last entry, and an anchor, the last of the oldest entries that were cut off. Both
// are guarded, so that two writers can neither fork the chain nor cut it twice.
#pragma once

#include "storage/tables/table.hpp"

namespace connectd::storage {

enum class audit_actor : std::uint8_t {
    root = 1,     // the operator's key
    api_key = 2,  // of the workspace
    end_user = 3, // a browser on our pages
};
BOOST_DESCRIBE_ENUM(audit_actor, root, api_key, end_user)

struct audit_entry {
    crypto::workspace_id workspace;
    std::uint64_t number = 0; // from 1, without gaps
    sys_ms at{};
    audit_actor actor = audit_actor::root;
    std::string actor_id;   // of an API key
    std::string actor_name; // of an API key, as it was then
    std::string remote_address;
    std::string request_id;
    std::string action;       // "credentials.create"
    std::string target;       // the id of what was changed
    std::uint32_t status = 0; // of the answer
    std::string previous;     // the digest of the entry before; empty for the first
    std::string digest;       // of this one with everything above; see seal

    bool operator==(audit_entry const&) const = default;
};
BOOST_DESCRIBE_STRUCT(audit_entry, (),
                      (workspace, number, at, actor, actor_id, actor_name, remote_address, request_id, action,
                       target, status, previous, digest))

// One end of a chain: the entry with that number, by its digest.
struct audit_end {
    std::uint64_t number = 0;
    std::string digest;

    bool operator==(audit_end const&) const = default;
};
BOOST_DESCRIBE_STRUCT(audit_end, (), (number, digest))

// SHA-256 of the entry's record with an empty digest.
std::string digest_of(audit_entry entry);

// Makes `entry` the one behind `last`.
audit_entry seal(audit_entry entry, audit_end const& last);

class audit_log : public table<audit_log, audit_entry> {
  public:
    static constexpr family where = family::audit;

    static std::string key(crypto::workspace_id workspace, std::uint64_t number);
    static std::string key(audit_entry const& record) { return key(record.workspace, record.number); }
    static std::vector<index_row> indexes(audit_entry const&) { return {}; }

    // The head as it was read; nothing before the first entry. The anchor likewise, before the first cut.
    static task<result<std::optional<stored<audit_end>>>> head(kv& store, crypto::workspace_id workspace);
    static task<result<std::optional<stored<audit_end>>>> anchor(kv& store, crypto::workspace_id workspace);

    // Puts entries that are sealed behind `last` into the batch, and moves the head. The commit fails with
    // guard_failed when the head has moved since. Requires: at least one entry, all of one workspace.
    static void append(write_batch& batch, crypto::workspace_id workspace,
                       std::optional<stored<audit_end>> const& last, std::vector<audit_entry> const& entries);

    // Removes the oldest entries, as they were read, and moves the anchor; guard_failed when it has moved
    // since. Requires: at least one, and the head is not among them.
    static void cut(write_batch& batch, std::optional<stored<audit_end>> const& anchored,
                    std::vector<stored<audit_entry>> const& oldest);

    // The entries of one chain behind the one with that number, in order, with their versions.
    static task<result<listing<stored<audit_entry>>>> read(kv& store, crypto::workspace_id workspace,
                                                           std::uint64_t after, std::size_t limit);

    // The entries of all chains, in the order of their commits.
    static task<result<listing<audit_entry>>> list_all(kv& store, std::optional<std::string> cursor,
                                                       std::size_t limit);

    // The workspace of the first chain behind `after`, which need not exist any more; nothing behind the
    // last.
    static task<result<std::optional<crypto::workspace_id>>>
    next_chain(kv& store, std::optional<crypto::workspace_id> after);
};

} // namespace connectd::storage
