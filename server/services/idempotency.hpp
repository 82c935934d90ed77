// Requests that are sent twice and happen once: the answer of the first is kept for a day and given again.
//
// A request is under way in memory only, as one process owns a store; its answer is on disk before anybody
// gets it. A crash between what the request did and the keeping of its answer leaves none: repeated then, it
// happens again. What an answer says is sealed.
//
// `idempotency_claims` is shared by all threads and safe from them; of the service there is one object per
// I/O thread, which holds references only.
#pragma once

#include "crypto/id.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "server/services/vault.hpp"
#include "storage/kv.hpp"

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace connectd::server::services {

class idempotency_claims {
  public:
    // Held by who answers the first request; gives the key free when destroyed. Must not outlive the set.
    class claim {
      public:
        claim(claim&& other) noexcept
            : owner_{std::exchange(other.owner_, nullptr)}, key_{std::move(other.key_)} {}
        claim& operator=(claim&&) = delete;
        ~claim();

      private:
        friend class idempotency_claims;
        claim(idempotency_claims& owner, std::string key) noexcept : owner_{&owner}, key_{std::move(key)} {}

        idempotency_claims* owner_;
        std::string key_;
    };

    // Nothing when somebody else holds the key.
    std::optional<claim> take(std::string key);

  private:
    std::mutex mutex_;
    std::unordered_set<std::string> held_;
};

// What is known of a request: everything that makes it the same one.
struct repeatable_request {
    crypto::workspace_id workspace; // nil: the operator's
    std::string key;                // the Idempotency-Key
    std::string_view method;
    std::string_view target;
    std::string_view body;
};

struct given_answer {
    unsigned status = 0;
    std::map<std::string, std::string> headers{};
    std::string body{};
};

class idempotency {
  public:
    static constexpr std::chrono::hours kept_for{24};
    static constexpr std::size_t largest_body = 256 * 1024;  // of an answer that is kept
    static constexpr std::size_t most_of_workspace = 20'000; // kept at a time

    idempotency(storage::kv& store, vault& keys, runtime::clock const& clock,
                idempotency_claims& claims) noexcept
        : store_{store}, keys_{keys}, clock_{clock}, claims_{claims} {}

    // A first request, which is to be answered, and its answer kept before the attempt goes; or the answer of
    // the one before. What `asked` views outlives the call. Errors: idempotency_key_invalid,
    // idempotency_key_in_use, idempotency_key_reused (for another request), rate_limit_exceeded (too many
    // answers are kept), sealed_value_damaged.
    struct attempt {
        idempotency_claims::claim claim;
        std::string digest;
        std::string fingerprint;
        std::optional<given_answer> known{};
    };
    runtime::task<outcome<attempt>> begin(repeatable_request asked);

    // An answer that says nothing final, or is too large, is not kept: repeated, the request happens again.
    // `first` outlives the call.
    runtime::task<outcome<void>> keep(crypto::workspace_id workspace, attempt const& first,
                                      given_answer answer);

    // Removes what is over, of all workspaces; how many.
    static runtime::task<outcome<std::size_t>> sweep(storage::kv& store, runtime::sys_ms now);

  private:
    runtime::task<outcome<given_answer>> open(crypto::workspace_id workspace, std::string digest,
                                              std::string const& fingerprint);

    storage::kv& store_;
    vault& keys_;
    runtime::clock const& clock_;
    idempotency_claims& claims_;
};

} // namespace connectd::server::services
