// Which connect sessions are being completed right now, by any thread of this process.
//
// A callback claims its session before it calls the platform, so that of two callbacks with one state exactly
// one goes on. The claim lives in memory only: the session's durable single use is part of the batch that
// stores the account, and a code that was spent just before a crash is refused by the platform itself. One
// process owns a store, so one set is all.
//
// Safe from all threads. A claim must not outlive the set.
#pragma once

#include "crypto/id.hpp"

#include <mutex>
#include <optional>
#include <unordered_set>
#include <utility>

namespace connectd::server::services {

class connect_claims {
  public:
    // Held by the one who completes the session; gives the session free when destroyed.
    class claim {
      public:
        claim() noexcept = default; // of nothing
        claim(claim&& other) noexcept
            : owner_{std::exchange(other.owner_, nullptr)}, session_{other.session_} {}
        claim& operator=(claim&&) = delete;
        ~claim();

      private:
        friend class connect_claims;
        claim(connect_claims& owner, crypto::session_id session) noexcept
            : owner_{&owner}, session_{session} {}

        connect_claims* owner_ = nullptr;
        crypto::session_id session_;
    };

    // Nothing when somebody else holds the session.
    std::optional<claim> take(crypto::session_id session);

  private:
    std::mutex mutex_;
    std::unordered_set<crypto::session_id> held_;
};

} // namespace connectd::server::services
