// Sessions of the pretend PDS, with the reference server's rules (August 2026): access tokens live two hours,
// refresh tokens 90 days; a refresh token that was used stays good for two hours, or to its own end if that
// is sooner, and every use in that time gives tokens of the same successor; afterwards it counts as revoked.
// Access tokens cannot be taken back.
//
// Threads: any thread may call anything; one mutex, held for a few look-ups.
#pragma once

#include "tools/sandbox/bluesky/jwt.hpp"
#include "tools/sandbox/journal.hpp"
#include "tools/sandbox/people.hpp"

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace connectd::sandbox::bluesky {

constexpr std::chrono::hours access_lifetime{2};
constexpr std::chrono::hours refresh_lifetime{24 * 90};
constexpr std::chrono::hours refresh_grace{2};

struct session_request {
    person_ref person = 0;
    std::string did;
    std::string app_password; // its name; empty when the main password was used
    std::string scope;        // of the access token
};

struct session_tokens {
    std::string access_jwt;
    std::string refresh_jwt;
};

struct session_view {
    std::string refresh_id;
    session_request from;
    sys_ms issued_at{}, expires_at{};
    std::string_view state; // live, rotated (in its grace), revoked, expired
    std::string successor;
};

class sessions {
  public:
    // Requires: both references outlive this object; `most` above zero.
    sessions(jwt_signer const& signer, journal& events, std::string service_did, std::size_t most)
        : signer_{signer}, events_{events}, service_did_{std::move(service_did)}, most_{most} {}

    session_tokens create(session_request request, sys_ms now);

    // Nothing when the token was revoked, or used and its grace is over.
    std::optional<session_tokens> refresh(std::string const& refresh_id, sys_ms now);

    // What deleteSession does: this refresh token alone.
    void remove(std::string const& refresh_id, sys_ms now);

    // What deleting an app password does. Returns how many living refresh tokens ended.
    std::size_t remove_of_password(person_ref person, std::string_view app_password, sys_ms now);
    // The same for every session of a person.
    std::size_t remove_all(person_ref person, sys_ms now);

    // The newest first.
    std::vector<session_view> list(std::size_t limit, sys_ms now) const;
    void clear();

  private:
    struct entry {
        session_request from;
        sys_ms issued_at{}, expires_at{};
        std::string successor;
        bool revoked = false;
    };

    void store(std::string const& id, entry stored);
    session_tokens sign(session_request const& from, std::string const& refresh_id, sys_ms now) const;
    template <class Match>
    std::size_t remove_if(Match match, sys_ms now);

    jwt_signer const& signer_;
    journal& events_;
    std::string const service_did_;
    std::size_t const most_;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, entry> by_id_;
    std::deque<std::string const*> order_; // keys of by_id_, oldest first
};

} // namespace connectd::sandbox::bluesky
