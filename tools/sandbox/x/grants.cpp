#include "tools/sandbox/x/grants.hpp"

#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"

#include <algorithm>

namespace connectd::sandbox::x {
namespace {

constexpr std::string_view platform = "x";

// A grant that is refreshed for ever keeps its newest tokens only.
constexpr std::size_t most_tokens_of_a_grant = 64;

// X's look like base64 with a time inside.
std::string make_token(std::string_view kind, sys_ms now) {
    auto inner = crypto::random_token(33);
    inner += ':';
    inner += std::to_string(now.time_since_epoch().count());
    inner += ":1:1:";
    inner += kind;
    inner += ":1";
    return crypto::encode_base64url(crypto::as_bytes(inner));
}

// RFC 7636 sections 4.1 and 4.6.
bool proves(std::string_view verifier, code_request const& request) {
    if (!request.s256)
        return verifier == request.challenge;
    auto const allowed = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
               c == '.' || c == '_' || c == '~';
    };
    return verifier.size() >= 43 && verifier.size() <= 128 && std::ranges::all_of(verifier, allowed) &&
           crypto::encode_base64url(crypto::sha256(verifier)) == request.challenge;
}

} // namespace

std::string grants::issue_code(code_request request, sys_ms now) {
    auto code = make_token("ac", now);
    {
        std::lock_guard const lock{mutex_};
        if (code_order_.size() >= most_) {
            codes_.erase(codes_.find(*code_order_.front()));
            code_order_.pop_front();
        }
        auto const added = codes_.emplace(code, code_entry{std::move(request), now, false}).first;
        code_order_.push_back(&added->first);
    }
    events_.event(platform, "code_issued", code, 0, now);
    return code;
}

token_outcome grants::exchange(std::string_view code, std::string_view client_id,
                               std::string_view redirect_uri, std::string_view verifier, sys_ms now) {
    std::unique_lock lock{mutex_};
    auto const found = codes_.find(std::string{code});
    if (found == codes_.end() || found->second.spent || now >= found->second.issued_at + code_lifetime ||
        found->second.request.client_id != client_id) {
        bool const replayed = found != codes_.end() && found->second.spent;
        lock.unlock();
        events_.event(platform, replayed ? "code_replayed" : "code_refused", code, 0, now);
        return refusal::code_invalid;
    }
    auto& entry = found->second;
    if (entry.request.redirect_uri != redirect_uri)
        return refusal::redirect_mismatch;
    if (!proves(verifier, entry.request))
        return refusal::verifier_mismatch;

    entry.spent = true;
    if (grants_.size() >= most_)
        forget_oldest_grant();
    auto& grant = grants_.emplace_back(grant_entry{++last_grant_, entry.request, now, ending::none, {}});
    auto const id = grant.id;
    auto pair = issue_tokens(grant, now);
    lock.unlock();
    events_.event(platform, "code_spent", code, id, now);
    return pair;
}

token_outcome grants::refresh(std::string_view refresh_token, std::string_view client_id, sys_ms now) {
    std::unique_lock lock{mutex_};
    auto const found = tokens_.find(std::string{refresh_token});
    if (found == tokens_.end() || !found->second.refresh)
        return refusal::token_invalid;
    auto& token = found->second;
    auto& grant = *find_grant(token.grant);
    if (grant.from.client_id != client_id)
        return refusal::token_invalid;
    auto const id = grant.id;
    if (token.state == token_state::spent) {
        end(grant, ending::replay, now);
        lock.unlock();
        events_.event(platform, "refresh_replayed", refresh_token, id, now);
        return refusal::token_invalid;
    }
    if (state_of(token, grant, now) != "live")
        return refusal::token_invalid;

    token.state = token_state::spent;
    auto pair = issue_tokens(grant, now);
    lock.unlock();
    events_.event(platform, "refresh_spent", refresh_token, id, now);
    return pair;
}

bool grants::revoke(std::string_view token, std::string_view client_id, sys_ms now) {
    std::uint64_t id = 0;
    {
        std::lock_guard const lock{mutex_};
        auto const found = tokens_.find(std::string{token});
        if (found == tokens_.end())
            return true;
        id = found->second.grant;
        if (find_grant(id)->from.client_id != client_id)
            return false;
        if (found->second.state == token_state::live)
            found->second.state = token_state::revoked;
    }
    events_.event(platform, "token_revoked", token, id, now);
    return true;
}

std::optional<access> grants::check(std::string_view access_token, sys_ms now) const {
    std::lock_guard const lock{mutex_};
    auto const found = tokens_.find(std::string{access_token});
    if (found == tokens_.end() || found->second.refresh)
        return std::nullopt;
    auto const& grant = *find_grant(found->second.grant);
    if (state_of(found->second, grant, now) != "live")
        return std::nullopt;
    return access{grant.from.person, grant.from.scopes, grant.from.client_id};
}

token_pair grants::issue_tokens(grant_entry& grant, sys_ms now) {
    token_pair pair;
    pair.scopes = grant.from.scopes;
    pair.access_token = store_token(grant, false, now);
    if (pair.scopes.has(scope::offline_access))
        pair.refresh_token = store_token(grant, true, now);
    return pair;
}

std::string grants::store_token(grant_entry& grant, bool refresh, sys_ms now) {
    auto token = make_token(refresh ? "rt" : "at", now);
    if (grant.tokens.size() >= most_tokens_of_a_grant) {
        tokens_.erase(tokens_.find(*grant.tokens.front()));
        grant.tokens.pop_front();
    }
    auto const added = tokens_.emplace(token, token_entry{grant.id, now, refresh, token_state::live}).first;
    grant.tokens.push_back(&added->first);
    return token;
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

} // namespace connectd::sandbox::x
