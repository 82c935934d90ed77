// What must always hold, whatever fails: told of every call before it leaves and of every commit after it is
// done, it compares what the program does and stores with the truth of the platforms.
//
//   mark       no token is spent without a durable mark that says so
//   twins      one account's token is never under way twice at a time
//   stale      no token is presented whose successor had come or was stored; the same token is not presented
//              again by a process that has seen it refused
//   early      no token is extended before its time
//   crowd      no platform has more calls at once than its cap
//   lost       a stored token is never followed by an older one, nor by one of an older consent; what was
//              disconnected does not come back
//   grace      a lost answer is asked for again, while the platform forgives it
//   alive      an account is ended only when its grant is dead
//   cause      and with the cause that is true
//   told       every change has its one event, in the same commit
//   silent     an account whose grant is dead does not stay active, one whose grant lives stays fresh
//
// Time is an argument and the true one. One thread.
#pragma once

#include "server/services/vault.hpp"
#include "storage/kv.hpp"
#include "storage/tables/accounts.hpp"
#include "storage/tables/events.hpp"
#include "storage/tables/tokens.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/simulation/pretend_platforms.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace connectd::simulation {

class ledger {
  public:
    struct options {
        std::size_t cap = 8;       // calls at once at a platform, those that people ask for included
        milliseconds most_skew{0}; // between two readings of the program's clock
    };
    ledger(pretend_platforms const& truth, server::services::vault& keys, options chosen)
        : truth_{truth},
          keys_{keys},
          options_{chosen},
          calls_(all_rules.size()),
          restless_(all_rules.size()),
          excused_(all_rules.size()) {}

    // By how much the program's clock is ahead from now on; what it plans comes so much later.
    void clock_is_ahead(milliseconds by) noexcept { ahead_ = std::max(by, milliseconds{0}); }

    // How a call ended, as the program sees it.
    enum class answer { given, refused, doubtful, nothing };

    // A call is about to leave, the platform is done with it, it has ended.
    void presented(token_name const& spent, sys_ms now);
    void processed(token_name const& spent, grant const& before, sys_ms now);
    void ended(token_name const& spent, answer how, sys_ms now);
    // All that was under way is gone with the process.
    void crashed(sys_ms now);
    // Something keeps the program from its work at the platform, and may make it late for as long as
    // `recovery` after that.
    void disturbed(std::size_t platform, sys_ms until, milliseconds recovery);
    void disturbed(sys_ms until, milliseconds recovery);

    server::runtime::task<void> committed(std::vector<storage::write_batch::operation> written, sys_ms now);
    // Looks at all accounts.
    void audit(sys_ms now);

    struct account {
        crypto::account_id id;
        storage::account_status status = storage::account_status::active;
        token_name held{};
        bool marked = false;
        std::uint64_t generation = 0;
        unsigned warnings = 0; // since it was connected
        milliseconds late{0};  // what was planned when its token came is
    };
    // Null: the person has no account.
    account const* of(std::size_t person) const;
    std::size_t accounts() const noexcept { return accounts_.size(); }
    // When it was last left open what became of a token.
    sys_ms last_doubt() const noexcept { return last_doubt_; }

    std::vector<std::string> const& violations() const noexcept { return violations_; }
    std::map<std::string, std::size_t> const& counts() const noexcept { return counts_; }

  private:
    struct batch_rows;
    // Of what a person consented to once.
    struct watch {
        unsigned under_way = 0;
        unsigned calls_since_spent = 0; // since the platform rotated the token that is held
        bool unsure = false;            // what became of the stored token may never have been heard
        sys_ms asked_at{};              // last
        // By the process that runs:
        std::optional<token_name> refused{};
        unsigned heard = 0; // the newest successor
    };
    watch& watch_over(token_name const& held) { return watches_[{held.person, held.consent}]; }

    void violated(std::string_view rule, std::size_t person, std::string_view what, sys_ms now);
    batch_rows sort(std::vector<storage::write_batch::operation> const& written);
    void check_account(storage::account const& row, batch_rows const& all, sys_ms now);
    void check_end(storage::account const& row, account const& was, sys_ms now);
    server::runtime::task<void> check_token(storage::token row, batch_rows const& all, sys_ms now);
    void audit_one(std::size_t person, account const& mine, sys_ms now);

    pretend_platforms const& truth_;
    server::services::vault& keys_;
    options options_;
    std::map<std::size_t, account> accounts_;
    std::map<std::string, std::size_t> people_; // by the key of the account's row
    std::map<crypto::account_id, std::size_t> owners_;
    std::set<crypto::account_id> gone_;
    sys_ms last_doubt_{};
    milliseconds ahead_{0};
    std::map<std::pair<std::size_t, unsigned>, watch> watches_;
    std::vector<std::size_t> calls_; // under way, by platform
    std::vector<sys_ms> restless_;   // until when the platforms are disturbed
    std::vector<sys_ms> excused_;    // until when that may show
    std::vector<std::string> violations_;
    std::map<std::string, std::size_t> counts_; // of events
};

} // namespace connectd::simulation
