// The half of oauth/grants.hpp that looks at grants, ends and forgets them; issuing is in grants.cpp.
#include "tools/sandbox/oauth/grants.hpp"

#include <algorithm>
#include <array>

namespace connectd::sandbox::oauth {
namespace {

// A grant that is refreshed for ever keeps its newest tokens only.
constexpr std::size_t most_tokens_of_a_grant = 64;

constexpr sys_ms never = sys_ms::max();

} // namespace

std::string_view to_string(token_kind kind) {
    constexpr std::array<std::string_view, 4> names{"code", "access", "refresh", "long_lived"};
    return names[static_cast<std::size_t>(kind)];
}

std::string_view grants::state_of(token_entry const& token, grant_entry const& grant, sys_ms now) {
    if (token.state == token_state::spent)
        return "spent";
    if (token.state == token_state::revoked)
        return "revoked";
    if (grant.ended != ending::none)
        return "ended";
    return now >= token.expires_at ? "expired" : "live";
}

std::optional<refusal> grants::refuse(token_entry const& token, sys_ms now) const {
    if (token.state == token_state::spent)
        return refusal::token_spent;
    if (token.state == token_state::revoked || find_grant(token.grant)->ended != ending::none)
        return refusal::token_revoked;
    if (now >= token.expires_at)
        return refusal::token_expired;
    return std::nullopt;
}

std::optional<access> grants::check(std::string_view access_token, sys_ms now) const {
    auto found = inspect(access_token, now);
    auto* const allowed = std::get_if<access>(&found);
    if (allowed == nullptr || allowed->kind == token_kind::refresh)
        return std::nullopt;
    return std::move(*allowed);
}

access_outcome grants::inspect(std::string_view token, sys_ms now) const {
    std::lock_guard const lock{mutex_};
    auto const found = tokens_.find(std::string{token});
    if (found == tokens_.end())
        return refusal::token_unknown;
    if (auto const refused = refuse(found->second, now))
        return *refused;
    return describe(found->second, now);
}

access grants::describe(token_entry const& token, sys_ms now) const {
    auto const& grant = *find_grant(token.grant);
    auto const& from = grant.from;
    access described{from.person, token.scopes, from.client_id, token.grant, token.kind, token.subject};
    described.issued_at = token.issued_at;
    described.consented_at = grant.created_at;
    described.declined = from.declined;
    described.assets = from.assets;
    if (token.expires_at != never)
        described.expires_in = std::chrono::duration_cast<std::chrono::seconds>(token.expires_at - now);
    return described;
}

tokens grants::as_tokens(token_map::value_type const& stored, sys_ms now) const {
    tokens issued;
    issued.access_token = stored.first;
    issued.granted = describe(stored.second, now);
    issued.consented_at = find_grant(stored.second.grant)->created_at;
    return issued;
}

grants::token_map::value_type& grants::store(grant_entry& grant, token_entry entry, sys_ms now) {
    // Derived ones are as many as their subjects, and each is as good as the one it comes from.
    if (!entry.subject.empty())
        ++grant.derived;
    else if (grant.tokens.size() - grant.derived >= most_tokens_of_a_grant)
        forget_token_of(grant);
    auto& added = *tokens_.emplace(rules_.make_token(entry.kind, now), std::move(entry)).first;
    grant.tokens.push_back(&added.first);
    return added;
}

// The oldest one, but not the refresh token that a grant lives by.
void grants::forget_token_of(grant_entry& grant) {
    auto const replaceable = [&](std::string const* key) {
        auto const& entry = tokens_.find(*key)->second;
        return entry.subject.empty() &&
               (entry.kind != token_kind::refresh || entry.state != token_state::live);
    };
    auto oldest = std::ranges::find_if(grant.tokens, replaceable);
    if (oldest == grant.tokens.end())
        oldest = grant.tokens.begin();
    tokens_.erase(tokens_.find(**oldest));
    grant.tokens.erase(oldest);
}

void grants::forget_dead_tokens_of(grant_entry& grant, std::string_view subject, sys_ms now) {
    grant.derived -= std::erase_if(grant.tokens, [&](std::string const* key) {
        auto const token = tokens_.find(*key);
        bool const dead = token->second.subject == subject && refuse(token->second, now);
        if (dead)
            tokens_.erase(token);
        return dead;
    });
}

void grants::forget_oldest_grant() {
    for (auto const* token : grants_.front().tokens)
        tokens_.erase(tokens_.find(*token));
    grants_.pop_front();
}

grants::grant_entry* grants::find_grant(std::uint64_t id) {
    return const_cast<grant_entry*>(std::as_const(*this).find_grant(id));
}

grants::grant_entry const* grants::find_grant(std::uint64_t id) const {
    if (grants_.empty() || id < grants_.front().id || id > grants_.back().id)
        return nullptr;
    return &grants_[id - grants_.front().id];
}

void grants::end(grant_entry& grant, ending cause, sys_ms now) {
    constexpr std::array<std::string_view, 5> events{"", "grant_ended_by_replay", "grant_ended_by_user",
                                                     "grant_ended_by_client", "grant_displaced"};
    if (grant.ended != ending::none)
        return;
    grant.ended = cause;
    events_.event(rules_.platform, events[static_cast<std::size_t>(cause)], "", grant.id, now);
}

void grants::displace(grant_entry const& newest, sys_ms now) {
    std::size_t living = 0;
    for (auto grant = grants_.rbegin(); grant != grants_.rend(); ++grant) {
        bool const same = grant->ended == ending::none && grant->from.offline &&
                          grant->from.person == newest.from.person &&
                          grant->from.client_id == newest.from.client_id;
        if (same && ++living > rules_.most_of_a_person)
            end(*grant, ending::displaced, now);
    }
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
    return end_of_person(person, client_id, ending::user, now);
}

bool grants::is_of(grant_entry const& grant, person_ref person, std::string_view client_id) const {
    return grant.from.person == person && grant.ended == ending::none &&
           (client_id.empty() || rules_.family_of(grant.from.client_id) == rules_.family_of(client_id));
}

std::size_t grants::end_of_person(person_ref person, std::string_view client_id, ending cause, sys_ms now) {
    std::size_t ended = 0;
    for (auto& grant : grants_) {
        if (!is_of(grant, person, client_id))
            continue;
        end(grant, cause, now);
        declined_.erase({person, grant.from.client_id});
        ++ended;
    }
    return ended;
}

std::optional<scope_set> grants::standing(person_ref person, std::string_view client_id) const {
    std::lock_guard const lock{mutex_};
    std::optional<scope_set> all;
    for (auto const& grant : grants_) {
        if (is_of(grant, person, client_id))
            all = all.value_or(scope_set{}).with_all(grant.from.scopes);
    }
    return all;
}

grants::token_map::value_type const* grants::find_same(code_request const& wanted, sys_ms now) const {
    for (auto grant = grants_.rbegin(); grant != grants_.rend(); ++grant) {
        if (grant->ended != ending::none || grant->from.person != wanted.person ||
            grant->from.client_id != wanted.client_id || grant->from.scopes != wanted.scopes)
            continue;
        for (auto const* key : grant->tokens) {
            auto const& known = *tokens_.find(*key);
            if (known.second.kind == token_kind::access && known.second.subject.empty() &&
                !refuse(known.second, now))
                return &known;
        }
    }
    return nullptr;
}

std::size_t grants::withdraw(person_ref person, std::string_view client_id, scope_set taken, sys_ms now) {
    std::lock_guard const lock{mutex_};
    std::size_t touched = 0;
    for (auto& grant : grants_) {
        auto const held = grant.from.scopes.only(taken);
        if (grant.from.person != person || grant.ended != ending::none || grant.from.client_id != client_id ||
            held.empty())
            continue;
        grant.from.scopes = grant.from.scopes.without(taken);
        grant.from.declined = grant.from.declined.with_all(held);
        for (auto const* key : grant.tokens) {
            auto& token = tokens_.find(*key)->second;
            token.scopes = token.scopes.without(taken);
        }
        auto& remembered = declined_[{person, grant.from.client_id}];
        remembered = remembered.with_all(held);
        events_.event(rules_.platform, "scopes_withdrawn", "", grant.id, now);
        ++touched;
    }
    return touched;
}

scope_set grants::declined(person_ref person, std::string_view client_id) const {
    std::lock_guard const lock{mutex_};
    auto const found = declined_.find({person, std::string{client_id}});
    return found == declined_.end() ? scope_set{} : found->second;
}

std::vector<code_view> grants::codes(std::size_t limit, sys_ms now) const {
    std::lock_guard const lock{mutex_};
    std::vector<code_view> views;
    for (auto code = code_order_.rbegin(); code != code_order_.rend() && views.size() < limit; ++code) {
        auto const& entry = codes_.find(**code)->second;
        auto const expires_at = entry.issued_at + rules_.code_lifetime;
        auto const* const state = entry.spent ? "spent" : now >= expires_at ? "expired" : "live";
        views.push_back({**code, entry.request, entry.issued_at, expires_at, state});
    }
    return views;
}

std::vector<grant_view> grants::list(std::size_t limit, sys_ms now) const {
    constexpr std::array<std::string_view, 5> states{"live", "ended_by_replay", "ended_by_user",
                                                     "ended_by_client", "displaced"};
    std::lock_guard const lock{mutex_};
    std::vector<grant_view> views;
    for (auto grant = grants_.rbegin(); grant != grants_.rend() && views.size() < limit; ++grant) {
        auto& view = views.emplace_back(grant_view{grant->id,
                                                   grant->from.client_id,
                                                   grant->from.person,
                                                   grant->from.scopes,
                                                   grant->created_at,
                                                   states[static_cast<std::size_t>(grant->ended)],
                                                   {}});
        for (auto const* token : grant->tokens) {
            auto const& entry = tokens_.find(*token)->second;
            view.tokens.push_back(
                {*token, to_string(entry.kind), state_of(entry, *grant, now), entry.subject, entry.issued_at,
                 entry.expires_at == never ? std::nullopt : std::optional{entry.expires_at}});
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
    declined_.clear();
}

} // namespace connectd::sandbox::oauth
