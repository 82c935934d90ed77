// The hosted page of a session: what it shows, and which browser it belongs to.
#include "crypto/digest.hpp"
#include "crypto/random.hpp"
#include "server/services/app_secret.hpp"
#include "server/services/input.hpp"
#include "server/services/platform_choice.hpp"
#include "server/services/session_steps.hpp"
#include "server/services/sessions.hpp"
#include "storage/tables/workspaces.hpp"

#include <utility>

namespace connectd::server::services {
namespace {

failure foreign_browser() {
    return {errc::state_foreign, "The connect session was begun in another browser."};
}

} // namespace

crypto::secret sessions::new_browser() {
    return crypto::random_secret_token(32);
}

runtime::task<outcome<sessions::page_view>> sessions::open_page(std::string id, crypto::secret browser) {
    auto row = co_await find_open(std::move(id));
    if (row.has_error()) {
        co_return row.error();
    }
    auto const platform = choose_platform(catalog_, settings_, row->record.platform);
    if (platform.has_error()) {
        co_return platform.error();
    }
    auto page = co_await begin_page(row->record, **platform);
    if (page.has_error()) {
        co_return page.error();
    }
    if (auto const filled = co_await fill_page(*page, std::move(*row), **platform, browser);
        filled.has_error()) {
        co_return filled.error();
    }
    co_return page;
}

runtime::task<outcome<sessions::page_view>> sessions::begin_page(storage::session const& row,
                                                                 platforms::descriptor const& platform) {
    auto const workspace = co_await storage::workspaces::get(store_, row.workspace);
    if (workspace.has_error()) {
        co_return workspace.error();
    }
    co_return page_view{.session = view(row),
                        .platform_title = platform.title,
                        .authorize_url = {},
                        .brand = *workspace ? brand_of(settings_, (*workspace)->record) : page_brand{}};
}

runtime::task<outcome<sessions::link_view>> sessions::open_link(std::string id, crypto::secret state) {
    auto const parsed = parse_id<crypto::session_id>(id, errc::session_not_found);
    if (parsed.has_error()) {
        co_return parsed.error();
    }
    auto const found = co_await storage::sessions::find(store_, *parsed);
    if (found.has_error()) {
        co_return found.error();
    }
    auto const digest = crypto::sha256(state.reveal());
    if (!*found || (*found)->record.state_digest != crypto::as_text(digest)) {
        co_return errc::session_not_found;
    }
    auto const& row = (*found)->record;
    auto const platform = choose_platform(catalog_, settings_, row.platform);
    if (platform.has_error()) {
        co_return platform.error();
    }
    auto page = co_await begin_page(row, **platform);
    if (page.has_error()) {
        co_return page.error();
    }
    if (page->session.status == "pending" && (*platform)->connect == platforms::connect_kind::oauth2) {
        auto url = co_await page_authorize_url(row, **platform);
        if (url.has_error()) {
            co_return url.error();
        }
        page->authorize_url = std::move(*url);
    }
    co_return link_view{std::move(*page), row.workspace};
}

runtime::task<outcome<std::optional<crypto::secret>>> sessions::link_state(crypto::workspace_id workspace,
                                                                           std::string id) {
    auto const row = co_await find(workspace, std::move(id));
    if (row.has_error()) {
        co_return row.error();
    }
    if (row->status != storage::session_status::pending) {
        co_return std::nullopt;
    }
    auto secrets = co_await open_secrets(*row);
    if (secrets.has_error()) {
        co_return secrets.error();
    }
    co_return std::optional{std::move(secrets->state)};
}

runtime::task<outcome<void>> sessions::fill_page(page_view& page, storage::stored<storage::session> row,
                                                 platforms::descriptor const& platform,
                                                 crypto::secret const& browser) {
    if (row.record.status == storage::session_status::choosing) {
        if (row.record.choose == storage::session_choose::api) {
            co_return failure{errc::session_used,
                              "The consent is given; go back to where you began to choose what to connect."};
        }
        if (!is_bound(row.record, browser)) {
            co_return foreign_browser();
        }
        auto shown = co_await view_choices(row.record);
        if (shown.has_error()) {
            co_return shown.error();
        }
        page.session = std::move(*shown);
        co_return outcome<void>{};
    }
    if (platform.connect == platforms::connect_kind::oauth2) {
        auto url = co_await page_authorize_url(row.record, platform);
        if (url.has_error()) {
            co_return url.error();
        }
        page.authorize_url = std::move(*url);
    }
    co_return co_await bind(std::move(row), browser);
}

runtime::task<outcome<storage::stored<storage::session>>> sessions::find_bound(std::string id,
                                                                               crypto::secret browser) {
    auto row = co_await find_open(std::move(id));
    if (row.has_value() && !is_bound(row->record, browser)) {
        co_return foreign_browser();
    }
    co_return row;
}

runtime::task<outcome<storage::stored<storage::session>>> sessions::find_open(std::string id) {
    auto const parsed = parse_id<crypto::session_id>(id, errc::session_not_found);
    if (parsed.has_error()) {
        co_return parsed.error();
    }
    auto row = co_await storage::sessions::find(store_, *parsed);
    if (row.has_error()) {
        co_return row.error();
    }
    if (!*row) {
        co_return errc::session_not_found;
    }
    auto const& session = (*row)->record;
    auto const wanted = is_open(session) ? session.status : storage::session_status::pending;
    if (auto const good = require_status(session, wanted, clock_.now()); good.has_error()) {
        co_return good.error();
    }
    co_return std::move(**row);
}

runtime::task<outcome<std::string>> sessions::page_authorize_url(storage::session const& row,
                                                                 platforms::descriptor const& platform) {
    auto app = co_await open_app(store_, keys_, settings_, app_of(row), clock_.now());
    if (app.has_error()) {
        co_return app.error();
    }
    auto const there =
        co_await resolver_.resolve(platform, {.instance = row.instance, .pkce = std::move(app->pkce)});
    if (there.has_error()) {
        co_return unreachable_server(there.error(), row.instance);
    }
    auto const secrets = co_await open_secrets(row);
    if (secrets.has_error()) {
        co_return secrets.error();
    }
    co_return authorize_url(**there, app->client_id, row, *secrets);
}

// The browser that opened the page last is the one that may finish: an end user who moves from one browser to
// another must not be locked out, and nobody else's browser has the cookie.
runtime::task<outcome<void>> sessions::bind(storage::stored<storage::session> row,
                                            crypto::secret const& browser) {
    auto updated = row.record;
    if (is_bound(row.record, browser)) {
        co_return outcome<void>{};
    }
    updated.browser_digest = browser_digest(browser);
    storage::write_batch batch;
    storage::sessions::replace(batch, row, updated);
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error() && written.error() == storage::errc::guard_failed) {
        co_return errc::changed_meanwhile;
    }
    if (written.has_error()) {
        co_return written.error();
    }
    co_return outcome<void>{};
}

} // namespace connectd::server::services
