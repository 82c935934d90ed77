// The half of x/grants.hpp that looks at grants and ends them; issuing is in grants.cpp.
#include "tools/sandbox/x/grants.hpp"

#include <algorithm>

namespace connectd::sandbox::x {

sys_ms grants::expiry(token_entry const& token) {
    return token.refresh ? token.issued_at + refresh_lifetime : token.issued_at + access_lifetime;
}

std::string_view grants::state_of(token_entry const& token, grant_entry const& grant, sys_ms now) {
    if (token.state == token_state::spent)
        return "spent";
    if (token.state == token_state::revoked)
        return "revoked";
    if (grant.ended != ending::none)
        return "ended";
    return now >= expiry(token) ? "expired" : "live";
}

void grants::end(grant_entry& grant, ending cause, sys_ms now) {
    if (grant.ended != ending::none)
        return;
    grant.ended = cause;
    events_.event("x", cause == ending::user ? "grant_ended_by_user" : "grant_ended_by_replay", "", grant.id,
                  now);
}

bool grants::end_by_user(std::uint64_t grant_id, sys_ms now) {
    std::lock_guard const lock{mutex_};
    auto* const grant = find_grant(grant_id);
    if (grant == nullptr || grant->ended != ending::none)
        return false;
    end(*grant, ending::user, now);
    return true;
}

std::size_t grants::end_by_user(person_ref person, std::string_view client_id, sys_ms now) {
    std::lock_guard const lock{mutex_};
    std::size_t ended = 0;
    for (auto& grant : grants_) {
        if (grant.from.person != person || grant.ended != ending::none ||
            (!client_id.empty() && grant.from.client_id != client_id))
            continue;
        end(grant, ending::user, now);
        ++ended;
    }
    return ended;
}

std::vector<code_view> grants::codes(std::size_t limit, sys_ms now) const {
    std::lock_guard const lock{mutex_};
    std::vector<code_view> views;
    for (auto code = code_order_.rbegin(); code != code_order_.rend() && views.size() < limit; ++code) {
        auto const& entry = codes_.find(**code)->second;
        auto const expires_at = entry.issued_at + code_lifetime;
        auto const* const state = entry.spent ? "spent" : now >= expires_at ? "expired" : "live";
        views.push_back({**code, entry.request, entry.issued_at, expires_at, state});
    }
    return views;
}

std::vector<grant_view> grants::list(std::size_t limit, sys_ms now) const {
    std::lock_guard const lock{mutex_};
    std::vector<grant_view> views;
    for (auto grant = grants_.rbegin(); grant != grants_.rend() && views.size() < limit; ++grant) {
        auto const* const state = grant->ended == ending::none   ? "live"
                                  : grant->ended == ending::user ? "ended_by_user"
                                                                 : "ended_by_replay";
        auto& view = views.emplace_back(grant_view{grant->id,
                                                   grant->from.client_id,
                                                   grant->from.person,
                                                   grant->from.scopes,
                                                   grant->created_at,
                                                   state,
                                                   {}});
        for (auto const* token : grant->tokens) {
            auto const& entry = tokens_.find(*token)->second;
            view.tokens.push_back({*token, entry.refresh ? "refresh" : "access", state_of(entry, *grant, now),
                                   entry.issued_at, expiry(entry)});
        }
    }
    return views;
}

void grants::clear() {
    std::lock_guard const lock{mutex_};
    codes_.clear();
    code_order_.clear();
    tokens_.clear();
    grants_.clear();
}

} // namespace connectd::sandbox::x
