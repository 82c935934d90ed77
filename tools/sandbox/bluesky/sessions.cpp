#include "tools/sandbox/bluesky/sessions.hpp"

#include "crypto/random.hpp"
#include "tools/sandbox/time_text.hpp"

#include <algorithm>

namespace connectd::sandbox::bluesky {
namespace {

constexpr std::string_view platform = "bluesky";

} // namespace

session_tokens sessions::sign(session_request const& from, std::string const& refresh_id, sys_ms now) const {
    auto const issued_at = unix_seconds(now);
    claims const access{from.scope, from.did,  service_did_,
                        {},         issued_at, unix_seconds(now + access_lifetime)};
    claims const refresh{"com.atproto.refresh",
                         from.did,
                         service_did_,
                         refresh_id,
                         issued_at,
                         unix_seconds(now + refresh_lifetime)};
    return {signer_.sign(access_type, access), signer_.sign(refresh_type, refresh)};
}

void sessions::store(std::string const& id, entry stored) {
    if (order_.size() >= most_) {
        by_id_.erase(by_id_.find(*order_.front()));
        order_.pop_front();
    }
    auto const [added, fresh] = by_id_.emplace(id, std::move(stored));
    if (fresh)
        order_.push_back(&added->first);
}

session_tokens sessions::create(session_request request, sys_ms now) {
    auto const id = crypto::random_token(32);
    auto tokens = sign(request, id, now);
    {
        std::lock_guard const lock{mutex_};
        store(id, {std::move(request), now, now + refresh_lifetime, {}, false});
    }
    events_.event(platform, "session_created", id, 0, now);
    return tokens;
}

std::optional<session_tokens> sessions::refresh(std::string const& refresh_id, sys_ms now) {
    std::unique_lock lock{mutex_};
    auto const found = by_id_.find(refresh_id);
    if (found == by_id_.end() || found->second.revoked || found->second.expires_at <= now) {
        lock.unlock();
        events_.event(platform, "refresh_refused", refresh_id, 0, now);
        return std::nullopt;
    }
    auto& used = found->second;
    bool const again = !used.successor.empty();
    if (!again) {
        used.successor = crypto::random_token(32);
        used.expires_at = std::min<sys_ms>(used.expires_at, now + refresh_grace);
    }
    auto const successor = used.successor;
    auto const from = used.from;
    if (!again)
        store(successor, {from, now, now + refresh_lifetime, {}, false}); // may forget `used`
    lock.unlock();
    events_.event(platform, again ? "refresh_reused_in_grace" : "refresh_spent", refresh_id, 0, now);
    return sign(from, successor, now);
}

template <class Match>
std::size_t sessions::remove_if(Match match, sys_ms now) {
    std::vector<std::string> removed;
    {
        std::lock_guard const lock{mutex_};
        for (auto& [id, each] : by_id_) {
            if (each.revoked || !match(id, each))
                continue;
            each.revoked = true;
            removed.push_back(id);
        }
    }
    for (auto const& id : removed)
        events_.event(platform, "session_revoked", id, 0, now);
    return removed.size();
}

void sessions::remove(std::string const& refresh_id, sys_ms now) {
    {
        std::lock_guard const lock{mutex_};
        auto const found = by_id_.find(refresh_id);
        if (found == by_id_.end())
            return;
        found->second.revoked = true;
    }
    events_.event(platform, "session_deleted", refresh_id, 0, now);
}

std::size_t sessions::remove_of_password(person_ref person, std::string_view app_password, sys_ms now) {
    return remove_if(
        [&](std::string const&, entry const& each) {
            return each.from.person == person && each.from.app_password == app_password;
        },
        now);
}

std::size_t sessions::remove_all(person_ref person, sys_ms now) {
    return remove_if([&](std::string const&, entry const& each) { return each.from.person == person; }, now);
}

std::vector<session_view> sessions::list(std::size_t limit, sys_ms now) const {
    std::lock_guard const lock{mutex_};
    std::vector<session_view> views;
    for (auto id = order_.rbegin(); id != order_.rend() && views.size() < limit; ++id) {
        auto const& each = by_id_.find(**id)->second;
        auto const* const state = each.revoked             ? "revoked"
                                  : each.expires_at <= now ? "expired"
                                  : each.successor.empty() ? "live"
                                                           : "rotated";
        views.push_back({**id, each.from, each.issued_at, each.expires_at, state, each.successor});
    }
    return views;
}

void sessions::clear() {
    std::lock_guard const lock{mutex_};
    by_id_.clear();
    order_.clear();
}

} // namespace connectd::sandbox::bluesky
