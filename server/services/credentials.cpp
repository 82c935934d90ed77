#include "server/services/credentials.hpp"

#include "platforms/descriptor_words.hpp"
#include "platforms/discovery.hpp"
#include "server/services/app_secret.hpp"
#include "server/services/input.hpp"
#include "server/services/platform_choice.hpp"
#include "storage/tables/accounts.hpp"
#include "storage/tables/workspaces.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace connectd::server::services {
namespace {

constexpr std::size_t max_client_id = 512;
constexpr std::size_t max_client_secret = 4096;

bool visible(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

// RFC 6749 appendix A.2: VSCHAR, which has the space.
bool printable(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

outcome<void> check_platform(platforms::descriptor const& platform) {
    if (platform.connect == platforms::connect_kind::app_password) {
        return failure{errc::field_invalid,
                       platform.title + " needs no app: its accounts connect with an app password.",
                       "platform"};
    }
    if (!platform.app_platform.empty()) {
        return failure{errc::field_invalid,
                       platform.title + " uses the apps of another platform: store them for " +
                           platform.app_platform + ".",
                       "platform"};
    }
    return {};
}

outcome<void> check_app(platforms::descriptor const& platform, new_credentials const& input) {
    if (input.client_id.empty() || input.client_id.size() > max_client_id || !visible(input.client_id)) {
        return failure{errc::field_invalid, "1 to 512 visible characters without spaces.", "client_id"};
    }
    auto const secret = input.client_secret.reveal();
    if (secret.size() > max_client_secret || !printable(secret)) {
        return failure{errc::field_invalid, "At most 4096 printable ASCII characters.", "client_secret"};
    }
    // Whether an issuer takes public clients, its metadata says.
    if (secret.empty() && platform.client.secret_required &&
        platform.instances != platforms::instance_kind::issuer) {
        return failure{errc::field_invalid, platform.title + " apps have a client secret.", "client_secret"};
    }
    auto const& methods = platforms::pkce_method_words;
    if (input.pkce && std::ranges::find(methods, *input.pkce, [](auto const& each) { return each.first; }) ==
                          methods.end()) {
        return failure{errc::field_invalid, "One of none, S256 and S256-hex.", "pkce"};
    }
    return check_optional_text(input.name, "name");
}

} // namespace

runtime::task<outcome<credentials_view>> credentials::create(crypto::workspace_id workspace,
                                                             new_credentials input) {
    auto const platform = choose_platform(catalog_, settings_, input.platform);
    if (platform.has_error()) {
        co_return platform.error();
    }
    if (auto const good = check_platform(**platform); good.has_error()) {
        co_return good.error();
    }
    if (auto const good = check_app(**platform, input); good.has_error()) {
        co_return good.error();
    }
    if (auto const room = co_await check_slots(workspace); room.has_error()) {
        co_return room.error();
    }
    auto const now = clock_.now();
    storage::credentials row{.id = crypto::credentials_id::make(now),
                             .workspace = workspace,
                             .platform = (*platform)->name,
                             .name = input.name.empty() ? (*platform)->title : input.name,
                             .client_id = input.client_id,
                             .client_secret = {},
                             .is_default = false,
                             .created_at = now,
                             .updated_at = now,
                             .pkce = input.pkce.value_or(std::string{})};
    if (auto const good = co_await choose_server(**platform, input, row); good.has_error()) {
        co_return good.error();
    }
    auto const known =
        co_await storage::credentials_table::find_default(store_, workspace, row.platform, row.instance);
    if (known.has_error()) {
        co_return known.error();
    }
    row.is_default = !known->has_value();
    auto sealed = co_await seal_app_secret(keys_, row, input.client_secret);
    if (sealed.has_error()) {
        co_return sealed.error();
    }
    row.client_secret = std::move(*sealed);
    storage::write_batch batch;
    storage::credentials_table::create(batch, row);
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error() && written.error() == storage::errc::guard_failed) {
        co_return errc::changed_meanwhile;
    }
    if (written.has_error()) {
        co_return written.error();
    }
    co_return view(row);
}

// Which server the app is registered at, where the platform is more than one.
runtime::task<outcome<void>> credentials::choose_server(platforms::descriptor const& platform,
                                                        new_credentials const& input,
                                                        storage::credentials& row) {
    auto const origin = choose_instance(platform, input.instance, {});
    if (origin.has_error()) {
        co_return origin.error();
    }
    row.instance = *origin;
    bool const wanted = wants_issuer(platform);
    if (!wanted && input.issuer) {
        co_return failure{errc::field_invalid, "Apps of " + platform.title + " have no issuer of their own.",
                          "issuer"};
    }
    if (!wanted) {
        co_return outcome<void>{};
    }
    auto issuer = platforms::parse_issuer(input.issuer.value_or(std::string{}));
    if (issuer.has_error()) {
        co_return failure{
            errc::field_invalid,
            "The https URL by which the server calls itself, without query and fragment, such as "
            "https://login.example.com.",
            "issuer"};
    }
    auto const there = co_await resolver_.resolve(platform, {.instance = *issuer});
    if (there.has_error()) {
        co_return failure{errc::field_invalid, describe_server_failure(there.error(), *issuer).detail,
                          "issuer"};
    }
    if (input.client_secret.empty() && (*there)->client.secret_required) {
        co_return failure{errc::field_invalid, "Apps at " + *issuer + " have a client secret.",
                          "client_secret"};
    }
    row.issuer = std::move(*issuer);
    co_return outcome<void>{};
}

runtime::task<outcome<void>> credentials::check_slots(crypto::workspace_id workspace) {
    auto const owner = co_await storage::workspaces::get(store_, workspace);
    if (owner.has_error()) {
        co_return owner.error();
    }
    if (!*owner) {
        co_return errc::workspace_not_found;
    }
    auto const plan = settings_.plans.find((*owner)->record.plan);
    auto const slots = plan == settings_.plans.end() ? std::size_t{0} : plan->second.credential_slots;
    if (!slots) {
        co_return outcome<void>{};
    }
    // What this server registers at instances takes no slot.
    std::size_t held = 0;
    std::optional<std::string> cursor;
    do {
        auto const page =
            co_await storage::credentials_table::list(store_, workspace, std::move(cursor), 100);
        if (page.has_error()) {
            co_return page.error();
        }
        held += static_cast<std::size_t>(
            std::ranges::count(page->items, false, &storage::credentials::registered));
        cursor = page->next_cursor;
    } while (cursor && held < *slots);
    if (held >= *slots) {
        co_return failure{errc::feature_not_in_plan, "The plan \"" + (*owner)->record.plan + "\" includes " +
                                                         std::to_string(*slots) +
                                                         " app credentials, all of them in use."};
    }
    co_return outcome<void>{};
}

runtime::task<outcome<listing<credentials_view>>>
credentials::list(crypto::workspace_id workspace, std::optional<std::string> platform, page_request page) {
    storage::result<storage::listing<storage::credentials>> rows = storage::listing<storage::credentials>{};
    if (platform) {
        auto const* known = catalog_.find(*platform);
        auto name = known == nullptr ? *platform : known->name;
        rows = co_await storage::credentials_table::list_platform(store_, workspace, std::move(name),
                                                                  std::move(page.cursor), page.limit);
    } else {
        rows =
            co_await storage::credentials_table::list(store_, workspace, std::move(page.cursor), page.limit);
    }
    if (rows.has_error()) {
        co_return list_failure(rows.error());
    }
    listing<credentials_view> answer{.items = {}, .next_cursor = rows->next_cursor};
    for (auto const& row : rows->items) {
        answer.items.push_back(view(row));
    }
    co_return answer;
}

runtime::task<outcome<void>> credentials::remove(crypto::workspace_id workspace, std::string id, bool force) {
    auto const parsed = parse_id<crypto::credentials_id>(id, errc::credentials_not_found);
    if (parsed.has_error()) {
        co_return parsed.error();
    }
    auto const row = co_await storage::credentials_table::get(store_, workspace, *parsed);
    if (row.has_error()) {
        co_return row.error();
    }
    if (!*row) {
        co_return errc::credentials_not_found;
    }
    if (!force) {
        auto const users =
            co_await storage::accounts::list_by_credentials(store_, workspace, *parsed, std::nullopt, 1);
        if (users.has_error()) {
            co_return users.error();
        }
        if (!users->items.empty()) {
            co_return failure{errc::credentials_in_use,
                              "Disconnect the accounts first, or repeat the request with ?force=true."};
        }
    }
    storage::write_batch batch;
    storage::credentials_table::erase(batch, **row);
    if ((*row)->record.is_default) {
        if (auto const passed = co_await pass_on_default(batch, **row); passed.has_error()) {
            co_return passed.error();
        }
    }
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error() && written.error() == storage::errc::guard_failed) {
        co_return errc::changed_meanwhile;
    }
    if (written.has_error()) {
        co_return written.error();
    }
    co_return outcome<void>{};
}

runtime::task<outcome<void>>
credentials::pass_on_default(storage::write_batch& batch,
                             storage::stored<storage::credentials> const& leaving) {
    auto const& gone = leaving.record;
    std::optional<std::string> cursor;
    do {
        auto const others = co_await storage::credentials_table::list_platform(
            store_, gone.workspace, gone.platform, std::move(cursor), 100);
        if (others.has_error()) {
            co_return others.error();
        }
        for (auto const& other : others->items) {
            if (other.id != gone.id && other.instance == gone.instance) {
                co_return co_await mark(batch, other);
            }
        }
        cursor = others->next_cursor;
    } while (cursor);
    co_return outcome<void>{};
}

runtime::task<outcome<void>> credentials::mark(storage::write_batch& batch,
                                               storage::credentials const& heir) {
    auto const next = co_await storage::credentials_table::get(store_, heir.workspace, heir.id);
    if (next.has_error()) {
        co_return next.error();
    }
    if (!*next) {
        co_return errc::changed_meanwhile;
    }
    auto marked = (*next)->record;
    marked.is_default = true;
    batch.require_version(storage::credentials_table::where, storage::credentials_table::key(marked),
                          (*next)->version);
    storage::credentials_table::put(batch, marked); // after the erasure of the mark, which it replaces
    co_return outcome<void>{};
}

credentials_view credentials::view(storage::credentials const& row) const {
    return {.id = row.id,
            .platform = row.platform,
            .name = row.name,
            .client_id = row.client_id,
            .has_secret = !row.client_secret.empty(),
            .is_default = row.is_default,
            .instance = row.instance,
            .issuer = row.issuer,
            .pkce = row.pkce,
            .registered = row.registered,
            .redirect_uri = services::redirect_uri(settings_, row.platform),
            .created_at = row.created_at,
            .updated_at = row.updated_at};
}

} // namespace connectd::server::services
