#include "server/services/candidates.hpp"

#include "platforms/refresh_plan.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <set>

namespace connectd::server::services {
namespace {

// So many names are read before somebody looks for another account.
constexpr std::size_t max_named = 10;

std::vector<platforms::candidate> const& list_of(platforms::connected const& grant) {
    return grant.candidates->value();
}

new_account account_of(platforms::connected const& grant, platforms::candidate const& chosen) {
    return {chosen.who, platforms::tokens_of(grant.tokens, chosen), chosen.kind};
}

platforms::candidate const* find(platforms::connected const& grant, std::string_view id) {
    auto const& list = list_of(grant);
    auto const found = std::ranges::find_if(list, [&](auto const& each) { return each.who.id == id; });
    return found == list.end() ? nullptr : &*found;
}

std::string names_of(std::vector<platforms::candidate> const& list) {
    std::string names;
    auto const named = std::min(list.size(), max_named);
    for (std::size_t index = 0; index < named; ++index) {
        names += (index == 0 ? "" : ", ") + name_of(list[index].who);
    }
    return named == list.size() ? names : names + " and " + std::to_string(list.size() - named) + " more";
}

} // namespace

std::vector<candidate_view> view_candidates(platforms::connected const& grant) {
    std::vector<candidate_view> views;
    std::ranges::transform(list_of(grant), std::back_inserter(views), [](platforms::candidate const& each) {
        auto const& who = each.who;
        return candidate_view{who.id, each.kind, who.username, who.display_name, who.avatar_url};
    });
    return views;
}

outcome<std::vector<new_account>> pick(platforms::connected const& grant,
                                       std::vector<std::string> const& ids) {
    if (ids.empty() || ids.size() > max_chosen) {
        return failure{errc::field_invalid, "Choose 1 to 100 of the candidates.", "candidate_ids"};
    }
    std::vector<new_account> chosen;
    std::set<std::string_view> seen;
    for (std::size_t index = 0; index < ids.size(); ++index) {
        auto const field = "candidate_ids/" + std::to_string(index);
        auto const* candidate = find(grant, ids[index]);
        if (candidate == nullptr) {
            return failure{errc::field_invalid, "Not one of the session's candidates.", field};
        }
        if (!seen.insert(ids[index]).second) {
            return failure{errc::field_invalid, "This candidate is named twice.", field};
        }
        chosen.push_back(account_of(grant, *candidate));
    }
    return chosen;
}

outcome<new_account> pick_again(platforms::connected const& grant, storage::account const& wanted) {
    if (auto const* candidate = find(grant, wanted.platform_user_id)) {
        return account_of(grant, *candidate);
    }
    return identity_mismatch(wanted, "the consent reaches " + names_of(list_of(grant)) + " only.");
}

new_account pick_only(platforms::connected const& grant) {
    return account_of(grant, list_of(grant).front());
}

void fix_expiry(platforms::descriptor const& platform, platforms::token_set& tokens, runtime::sys_ms now) {
    if (auto const end = platforms::access_expiry(platform, tokens, now)) {
        tokens.expires_at = std::chrono::floor<std::chrono::seconds>(*end);
    }
    if (auto const end = platforms::refresh_expiry(platform, tokens, now)) {
        tokens.refresh_expires_at = std::chrono::floor<std::chrono::seconds>(*end);
    }
    tokens.expires_in.reset();
    tokens.refresh_expires_in.reset();
}

} // namespace connectd::server::services
