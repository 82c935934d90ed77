#include "tools/sandbox/oauth/grants.hpp"

#include "crypto/random.hpp"

#include <algorithm>

namespace connectd::sandbox::oauth {
namespace {

constexpr sys_ms never = sys_ms::max();

sys_ms after(sys_ms since, std::chrono::seconds span) {
    return span == endless ? never : since + span;
}

std::optional<std::chrono::seconds> left(sys_ms until, sys_ms now) {
    if (until == never)
        return std::nullopt;
    return std::chrono::duration_cast<std::chrono::seconds>(until - now);
}

} // namespace

std::string plain_token(token_kind, sys_ms) {
    return crypto::random_token(33);
}

std::string grants::issue_code(code_request request, sys_ms now) {
    auto code = rules_.make_token(token_kind::code, now);
    {
        std::lock_guard const lock{mutex_};
        if (code_order_.size() >= most_) {
            codes_.erase(codes_.find(*code_order_.front()));
            code_order_.pop_front();
        }
        auto const added = codes_.emplace(code, code_entry{std::move(request), now, 0, false}).first;
        code_order_.push_back(&added->first);
    }
    events_.event(rules_.platform, "code_issued", code, 0, now);
    return code;
}

std::optional<refusal> grants::refuse(code_entry const& entry, std::string_view client_id, sys_ms now) const {
    if (entry.spent)
        return refusal::code_spent;
    if (entry.request.client_id != client_id)
        return refusal::code_foreign;
    if (now >= entry.issued_at + rules_.code_lifetime)
        return refusal::code_expired;
    return std::nullopt;
}

token_outcome grants::exchange(std::string_view code, std::string_view client_id,
                               std::string_view redirect_uri, std::string_view verifier, sys_ms now,
                               std::function<void(code_request&)> const& amend) {
    std::unique_lock lock{mutex_};
    auto const found = codes_.find(std::string{code});
    auto const refused =
        found == codes_.end() ? refusal::code_unknown : refuse(found->second, client_id, now);
    if (refused) {
        bool const replayed = refused == refusal::code_spent;
        if (replayed && rules_.spent_code == replay::ends_grant) {
            if (auto* const grant = find_grant(found->second.grant))
                end(*grant, ending::replay, now);
        }
        lock.unlock();
        events_.event(rules_.platform, replayed ? "code_replayed" : "code_refused", code, 0, now);
        return *refused;
    }
    auto& entry = found->second;
    if (entry.request.redirect_uri != redirect_uri)
        return refusal::redirect_mismatch;
    if (verifier.empty() && entry.request.bound.how != transform::none)
        return refusal::verifier_missing;
    if (!proves(verifier, entry.request.bound))
        return refusal::verifier_mismatch;

    if (amend)
        amend(entry.request);
    auto const* const same = entry.request.reuses_token ? find_same(entry.request, now) : nullptr;
    auto issued = same != nullptr ? as_tokens(*same, now) : issue_first(open_grant(entry.request, now), now);
    entry.spent = true;
    entry.grant = issued.granted.grant;
    lock.unlock();
    events_.event(rules_.platform, "code_spent", code, issued.granted.grant, now);
    return issued;
}

grants::grant_entry& grants::open_grant(code_request const& from, sys_ms now) {
    if (grants_.size() >= most_)
        forget_oldest_grant();
    auto& grant = grants_.emplace_back(grant_entry{++last_grant_, from, now, ending::none, {}, 0});
    note_declined(from);
    if (rules_.most_of_a_person != 0)
        displace(grant, now);
    return grant;
}

void grants::note_declined(code_request const& from) {
    std::pair const key{from.person, from.client_id};
    auto const earlier = declined_.find(key);
    auto const before = earlier == declined_.end() ? scope_set{} : earlier->second;
    auto const all = before.with_all(from.declined).without(from.scopes);
    if (!all.empty())
        declined_[key] = all;
    else if (earlier != declined_.end())
        declined_.erase(earlier);
}

sys_ms grants::refresh_end(code_request const& from, sys_ms since) const {
    return after(since, from.refresh_lifetime.value_or(rules_.refresh.lifetime));
}

tokens grants::issue_first(grant_entry& grant, sys_ms now) {
    tokens issued;
    issued.nonce = grant.from.nonce;
    issued.consented_at = grant.created_at;
    auto until = never;
    if (grant.from.offline && rules_.refresh.how != refreshing::never) {
        until = refresh_end(grant.from, now);
        auto const& stored =
            store(grant, {grant.id, grant.from.scopes, now, until, {}, token_kind::refresh}, now);
        issued.refresh_token = stored.first;
        issued.refresh_expires_in = left(until, now);
    }
    issue_access(grant, grant.from.scopes, until, issued, now);
    return issued;
}

void grants::issue_access(grant_entry& grant, scope_set scopes, sys_ms until, tokens& into, sys_ms now) {
    auto expires_at = after(now, grant.from.access_lifetime.value_or(rules_.access_lifetime));
    if (rules_.access_within_refresh)
        expires_at = std::min(expires_at, until);
    auto const& stored = store(grant, {grant.id, scopes, now, expires_at, {}, token_kind::access}, now);
    into.access_token = stored.first;
    into.granted = describe(stored.second, now);
}

token_outcome grants::refresh(std::string_view refresh_token, std::string_view client_id, sys_ms now,
                              std::optional<scope_set> narrowed) {
    std::unique_lock lock{mutex_};
    auto const found = tokens_.find(std::string{refresh_token});
    if (found == tokens_.end())
        return refusal::token_unknown;
    auto& token = found->second;
    if (token.kind != token_kind::refresh)
        return refusal::token_wrong_kind;
    auto& grant = *find_grant(token.grant);
    if (grant.from.client_id != client_id)
        return refusal::token_foreign;
    bool const graced = token.state == token_state::spent &&
                        now < std::min(token.spent_at + rules_.refresh.grace, token.expires_at);
    if (token.state == token_state::spent && !graced) {
        if (rules_.refresh.spent == replay::ends_grant)
            end(grant, ending::replay, now);
        lock.unlock();
        events_.event(rules_.platform, "refresh_replayed", refresh_token, token.grant, now);
        return refusal::token_spent;
    }
    if (auto const refused = graced && grant.ended == ending::none ? std::nullopt : refuse(token, now))
        return *refused;
    if (narrowed && !token.scopes.has_all(*narrowed))
        return refusal::scope_widened;

    bool const rotates = rules_.refresh.how == refreshing::rotates && grant.from.refresh_rotates;
    bool const renews = rules_.refresh.renews && grant.from.refresh_renews;
    auto const until = renews ? refresh_end(grant.from, now) : token.expires_at;
    tokens issued;
    issued.nonce = grant.from.nonce;
    issued.consented_at = grant.created_at;
    issued.refresh_expires_in = left(until, now);
    if (rotates) {
        token.spent_at = graced ? token.spent_at : now;
        token.state = token_state::spent;
        issued.refresh_token =
            store(grant, {grant.id, token.scopes, now, until, {}, token_kind::refresh}, now).first;
    } else {
        token.expires_at = until;
        issued.refresh_token = refresh_token;
    }
    issue_access(grant, narrowed.value_or(grant.from.scopes), until, issued, now);
    auto const id = grant.id;
    lock.unlock();
    events_.event(rules_.platform, rotates ? "refresh_spent" : "refresh_used", refresh_token, id, now);
    return issued;
}

token_outcome grants::exchange_for_long(std::string_view token, std::string_view client_id, sys_ms now) {
    std::unique_lock lock{mutex_};
    auto const found = tokens_.find(std::string{token});
    if (found == tokens_.end())
        return refusal::token_unknown;
    auto const& entry = found->second;
    bool const short_one = entry.kind == token_kind::access && entry.subject.empty();
    if (!short_one && !(entry.kind == token_kind::long_lived && rules_.long_lived->exchanged_again))
        return refusal::token_wrong_kind;
    auto& grant = *find_grant(entry.grant);
    if (!client_id.empty() && grant.from.client_id != client_id)
        return refusal::token_foreign;
    if (auto const refused = refuse(entry, now))
        return *refused;
    auto const until = after(now, rules_.long_lived->lifetime);
    auto issued =
        as_tokens(store(grant, {grant.id, entry.scopes, now, until, {}, token_kind::long_lived}, now), now);
    auto const id = grant.id;
    lock.unlock();
    events_.event(rules_.platform, "token_exchanged", token, id, now);
    return issued;
}

token_outcome grants::extend(std::string_view token, std::string_view client_id, sys_ms now) {
    std::unique_lock lock{mutex_};
    auto const found = tokens_.find(std::string{token});
    if (found == tokens_.end())
        return refusal::token_unknown;
    auto& entry = found->second;
    if (entry.kind != token_kind::long_lived)
        return refusal::token_wrong_kind;
    auto& grant = *find_grant(entry.grant);
    if (!client_id.empty() && grant.from.client_id != client_id)
        return refusal::token_foreign;
    if (auto const refused = refuse(entry, now))
        return *refused;
    if (now < entry.issued_at + rules_.long_lived->minimum_age)
        return refusal::token_too_young;
    auto const until = after(now, rules_.long_lived->lifetime);
    bool const in_place = rules_.long_lived->extended_in_place;
    if (in_place) {
        entry.issued_at = now;
        entry.expires_at = until;
    }
    auto issued = as_tokens(
        in_place ? *found
                 : store(grant, {grant.id, entry.scopes, now, until, {}, token_kind::long_lived}, now),
        now);
    auto const id = grant.id;
    lock.unlock();
    events_.event(rules_.platform, "token_extended", token, id, now);
    return issued;
}

token_outcome grants::derive(std::string_view token, std::string_view subject, std::chrono::seconds lifetime,
                             sys_ms now) {
    std::lock_guard const lock{mutex_};
    auto const found = tokens_.find(std::string{token});
    if (found == tokens_.end())
        return refusal::token_unknown;
    if (auto const refused = refuse(found->second, now))
        return *refused;
    auto& grant = *find_grant(found->second.grant);
    auto const until = after(now, lifetime);
    for (auto const* key : grant.tokens) {
        auto const& known = *tokens_.find(*key);
        bool const as_lasting =
            known.second.expires_at >= until && (known.second.expires_at == never) == (until == never);
        if (known.second.subject == subject && as_lasting && !refuse(known.second, now))
            return as_tokens(known, now);
    }
    forget_dead_tokens_of(grant, subject, now);
    token_entry entry{grant.id, found->second.scopes, now, until, {}, token_kind::access};
    entry.subject = subject;
    return as_tokens(store(grant, std::move(entry), now), now);
}

revocation grants::revoke(std::string_view token, std::string_view client_id, sys_ms now) {
    std::uint64_t id = 0;
    {
        std::lock_guard const lock{mutex_};
        auto const found = tokens_.find(std::string{token});
        if (found == tokens_.end())
            return revocation::unknown;
        auto& entry = found->second;
        auto& grant = *find_grant(entry.grant);
        id = grant.id;
        if (!client_id.empty() && grant.from.client_id != client_id)
            return revocation::foreign;
        if (refuse(entry, now))
            return revocation::already_dead;
        if (rules_.revocation == revoking::token)
            entry.state = token_state::revoked;
        else if (rules_.revocation == revoking::grant)
            end(grant, ending::client, now);
        else
            end_of_person(grant.from.person, grant.from.client_id, ending::client, now);
    }
    events_.event(rules_.platform, "token_revoked", token, id, now);
    return revocation::done;
}

} // namespace connectd::sandbox::oauth
