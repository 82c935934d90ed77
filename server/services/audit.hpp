// Who changed what, and from where. What a key changes is written before the answer goes out, so that all
// that was acknowledged is in it; what an end user's browser did follows right behind its redirect, and is in
// the event log in any case. Bodies and secrets never are.
//
// Entries that come while others of their workspace are being written are written together, as one commit, so
// a busy workspace waits for no line. Over the threads the turns are taken one by one, and the head of the
// chain is guarded in any case (storage/tables/audit.hpp).
//
// One object per I/O thread; holds references only, see services.hpp.
#pragma once

#include "crypto/id.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/keyed_turns.hpp"
#include "server/runtime/task.hpp"
#include "server/runtime/task_group.hpp"
#include "server/services/api_keys.hpp"
#include "server/services/error.hpp"
#include "server/services/paging.hpp"
#include "storage/kv.hpp"
#include "storage/tables/audit.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace connectd::server::services {

// What is to be remembered about one change.
struct audit_note {
    principal who;                  // of nobody: an end user in a browser
    crypto::workspace_id workspace; // whose chain; nil: what belongs to none
    std::string remote_address;
    std::string request_id;
    std::string_view action; // "credentials.create", of static storage
    std::string target;      // the id of what was changed
    unsigned status = 200;   // of the answer
};

struct audit_view {
    crypto::workspace_id workspace;
    std::uint64_t number; // in its workspace, from 1
    runtime::sys_ms at;
    std::string actor; // root, api_key, end_user
    std::string actor_id;
    std::string actor_name;
    std::string remote_address;
    std::string request_id;
    std::string action;
    std::string target;
    unsigned status;
    std::string previous; // digests, in hex; empty for the first entry
    std::string digest;
};

audit_view view(storage::audit_entry const& row);

// All set members must match.
struct audit_filter {
    std::optional<std::string> actor{};  // root, api_key, end_user or the id of a key
    std::optional<std::string> action{}; // "credentials.create", or "credentials" for all of that noun
    std::optional<std::string> target{};

    bool matches(storage::audit_entry const& row) const;
};

class audit {
  public:
    audit(storage::kv& store, runtime::clock const& clock, runtime::keyed_turns& turns,
          runtime::task_group& tasks) noexcept
        : store_{store}, clock_{clock}, turns_{turns}, tasks_{tasks} {}

    // On disk when it completes. Errors: those of the store; changed_meanwhile when the workspace's turn did
    // not come within half a minute.
    runtime::task<outcome<void>> record(audit_note what);

    // Records soon, for who does not wait: what end users do is in the event log already, in the commit that
    // did it. A failure is logged.
    void note(audit_note what);

    // One chain behind the entry with the number `after`, or from its begin, oldest first. A page can be
    // short, even empty, and still have a cursor. Errors: field_invalid (the cursor, or it and `after`).
    runtime::task<outcome<listing<audit_view>>> list(crypto::workspace_id workspace, audit_filter filter,
                                                     std::optional<std::uint64_t> after, page_request page);

    // All chains together, in the order in which they grew. Errors: field_invalid (the cursor).
    runtime::task<outcome<listing<audit_view>>> list_all(audit_filter filter, page_request page);

  private:
    struct gathering;

    runtime::task<void> note_down(audit_note what);
    runtime::task<outcome<storage::audit_entry>> to_entry(audit_note what);
    runtime::task<void> write(std::shared_ptr<gathering> together);
    runtime::task<outcome<void>> take_turn(std::shared_ptr<gathering> together);
    runtime::task<outcome<void>> append(gathering& together);

    storage::kv& store_;
    runtime::clock const& clock_;
    runtime::keyed_turns& turns_;
    runtime::task_group& tasks_;
    std::unordered_map<std::string, std::shared_ptr<gathering>> open_; // by workspace
};

} // namespace connectd::server::services
