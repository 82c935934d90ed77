#include "tools/sandbox/x/apps.hpp"

#include <algorithm>

namespace connectd::sandbox::x {
namespace {

constexpr std::size_t most_apps = 10'000;

bool printable(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

} // namespace

std::string apps::put(app registered) {
    if (!printable(registered.client_id) || registered.client_id.find(':') != std::string::npos)
        return "client_id must be printable ASCII without spaces and colons";
    if (registered.confidential && !printable(registered.client_secret))
        return "a confidential client needs a client_secret of printable ASCII without spaces";
    if (!registered.confidential && !registered.client_secret.empty())
        return "a public client has no client_secret";
    if (registered.redirect_uris.empty())
        return "redirect_uris must hold at least one";
    for (auto const& uri : registered.redirect_uris) {
        if (!printable(uri) || uri.find("://") == std::string::npos || uri.find('#') != std::string::npos)
            return "redirect_uris must be absolute and without a fragment: " + uri;
    }
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

} // namespace connectd::sandbox::x
