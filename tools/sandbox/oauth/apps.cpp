#include "tools/sandbox/oauth/apps.hpp"

#include <algorithm>

namespace connectd::sandbox::oauth {
namespace {

constexpr std::size_t most_apps = 10'000;

bool printable(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

// A URN is for clients that show the code instead of receiving it.
bool absolute(std::string_view uri) {
    return printable(uri) && uri.find('#') == std::string_view::npos &&
           (uri.find("://") != std::string_view::npos || uri.starts_with("urn:"));
}

} // namespace

bool app::has_flag(std::string_view flag) const {
    return std::ranges::find(flags, flag) != flags.end();
}

bool app::has_redirect_uri(std::string_view uri) const {
    return std::ranges::find(redirect_uris, uri) != redirect_uris.end();
}

std::string apps::problem_of(app const& candidate) const {
    if (!printable(candidate.client_id) || candidate.client_id.find(':') != std::string::npos)
        return "client_id must be printable ASCII without spaces and colons";
    if (candidate.confidential && !printable(candidate.client_secret))
        return "a confidential client needs a client_secret of printable ASCII without spaces";
    if (!candidate.confidential && !candidate.client_secret.empty())
        return "a public client has no client_secret";
    if (candidate.redirect_uris.empty())
        return "redirect_uris must hold at least one";
    for (auto const& uri : candidate.redirect_uris) {
        if (!absolute(uri))
            return "redirect_uris must be absolute and without a fragment: " + uri;
    }
    for (auto const& flag : candidate.flags) {
        if (std::ranges::find(rules_.flags, flag) == rules_.flags.end())
            return "flags holds one that this platform does not have: " + flag;
    }
    return rules_.check(candidate);
}

std::string apps::put(app registered) {
    if (auto problem = problem_of(registered); !problem.empty())
        return problem;
    if (registered.name.empty())
        registered.name = registered.client_id;

    std::lock_guard const lock{mutex_};
    if (by_client_id_.size() >= most_apps && !by_client_id_.contains(registered.client_id))
        return "there are too many apps already";
    auto key = registered.client_id;
    by_client_id_[std::move(key)] = std::make_shared<app const>(std::move(registered));
    return {};
}

std::shared_ptr<app const> apps::find(std::string_view client_id) const {
    std::lock_guard const lock{mutex_};
    auto const found = by_client_id_.find(client_id);
    return found == by_client_id_.end() ? nullptr : found->second;
}

bool apps::remove(std::string_view client_id) {
    std::lock_guard const lock{mutex_};
    auto const found = by_client_id_.find(client_id);
    if (found == by_client_id_.end())
        return false;
    by_client_id_.erase(found);
    return true;
}

std::vector<std::shared_ptr<app const>> apps::list() const {
    std::lock_guard const lock{mutex_};
    std::vector<std::shared_ptr<app const>> all;
    for (auto const& [id, registered] : by_client_id_)
        all.push_back(registered);
    return all;
}

} // namespace connectd::sandbox::oauth
