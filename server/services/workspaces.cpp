#include "server/services/workspaces.hpp"

#include "server/services/branding.hpp"
#include "server/services/plans.hpp"
#include "server/services/return_url.hpp"
#include "storage/tables/profiles.hpp"

#include <algorithm>
#include <utility>

namespace connectd::server::services {
namespace {

workspace_view view(storage::workspace const& row, std::uint64_t version = 0) {
    return {.id = row.id,
            .slug = row.slug,
            .name = row.name,
            .plan = row.plan,
            .default_profile = row.default_profile,
            .created_at = row.created_at,
            .updated_at = row.updated_at,
            .branding = row.branding,
            .return_urls = row.return_urls,
            .event_days = row.event_days,
            .version = version};
}

outcome<void> check_slug(std::string_view slug) {
    auto const allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    bool const fits = !slug.empty() && slug.size() <= 63 && std::ranges::all_of(slug, allowed) &&
                      slug.front() != '-' && slug.back() != '-';
    if (!fits) {
        return failure{errc::field_invalid,
                       "1 to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends.",
                       "slug"};
    }
    return {};
}

outcome<void> check_return_urls(settings const& chosen, std::vector<std::string> const& urls) {
    if (urls.size() > workspaces::most_return_urls) {
        return failure{errc::field_invalid, "At most 50 URLs.", "return_urls"};
    }
    for (std::size_t index = 0; index < urls.size(); ++index) {
        if (auto const good = check_return_prefix(chosen, urls[index]); good.has_error()) {
            auto why = good.error();
            why.field = "return_urls/" + std::to_string(index);
            return why;
        }
    }
    return {};
}

} // namespace

runtime::task<outcome<workspace_view>> workspaces::create(new_workspace input) {
    if (auto const good = check_slug(input.slug); good.has_error()) {
        co_return good.error();
    }
    if (auto const good = check_text(input.name, "name"); good.has_error()) {
        co_return good.error();
    }
    auto const plan = input.plan.value_or(settings_.default_plan);
    if (!settings_.plans.contains(plan)) {
        co_return failure{errc::field_invalid, "There is no plan of this name.", "plan"};
    }
    auto const now = clock_.now();
    storage::workspace const row{.id = crypto::workspace_id::make(now),
                                 .slug = input.slug,
                                 .name = input.name,
                                 .plan = plan,
                                 .default_profile = crypto::profile_id::make(now),
                                 .created_at = now,
                                 .updated_at = now};
    storage::write_batch batch;
    storage::workspaces::create(batch, row);
    storage::profiles::create(batch, {.id = row.default_profile,
                                      .workspace = row.id,
                                      .name = "Default",
                                      .external_id = {},
                                      .metadata = {},
                                      .created_at = now,
                                      .updated_at = now});
    keys_.add_first_key(batch, row.id);
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error() && written.error() == storage::errc::guard_failed) {
        co_return failure{errc::slug_taken, {}, "slug"};
    }
    if (written.has_error()) {
        co_return written.error();
    }
    co_return view(row, *written);
}

runtime::task<outcome<listing<workspace_view>>> workspaces::list(page_request page,
                                                                 std::optional<std::string> slug) {
    if (slug) {
        auto const row = co_await storage::workspaces::find_by_slug(store_, *std::move(slug));
        if (row.has_error()) {
            co_return row.error();
        }
        listing<workspace_view> answer;
        if (*row) {
            answer.items.push_back(view((*row)->record));
        }
        co_return answer;
    }
    auto const rows = co_await storage::workspaces::list(store_, std::move(page.cursor), page.limit);
    if (rows.has_error()) {
        co_return list_failure(rows.error());
    }
    listing<workspace_view> answer{.items = {}, .next_cursor = rows->next_cursor};
    for (auto const& row : rows->items) {
        if (!row.deleted_at) {
            answer.items.push_back(view(row));
        }
    }
    co_return answer;
}

runtime::task<outcome<workspace_view>> workspaces::get(std::string id) {
    auto const row = co_await find(std::move(id), {});
    if (row.has_error()) {
        co_return row.error();
    }
    co_return view(row->record, row->version);
}

runtime::task<outcome<workspace_view>> workspaces::update(std::string id, workspace_changes wanted,
                                                          seen_version seen) {
    auto const row = co_await find(std::move(id), seen);
    if (row.has_error()) {
        co_return row.error();
    }
    auto updated = row->record;
    if (auto const good = apply(std::move(wanted), updated); good.has_error()) {
        co_return good.error();
    }
    updated.updated_at = clock_.now();
    storage::write_batch batch;
    storage::workspaces::replace(batch, *row, updated);
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error() && written.error() == storage::errc::guard_failed) {
        co_return errc::changed_meanwhile;
    }
    if (written.has_error()) {
        co_return written.error();
    }
    co_return view(updated, *written);
}

outcome<void> workspaces::apply(workspace_changes wanted, storage::workspace& row) const {
    row.name = std::move(wanted.name).value_or(row.name);
    row.plan = std::move(wanted.plan).value_or(row.plan);
    row.event_days = wanted.event_days.value_or(row.event_days);
    if (auto const good = check_text(row.name, "name"); good.has_error()) {
        return good.error();
    }
    if (!settings_.plans.contains(row.plan)) {
        return failure{errc::field_invalid, "There is no plan of this name.", "plan"};
    }
    if (row.event_days && (*row.event_days < fewest_event_days || *row.event_days > most_event_days)) {
        return failure{errc::field_invalid, "From 7 to 3650 days, or null to keep events for good.",
                       "event_retention_days"};
    }
    auto before = row.branding;
    row.branding.name = std::move(wanted.brand_name).value_or(row.branding.name);
    row.branding.logo_url = std::move(wanted.brand_logo_url).value_or(row.branding.logo_url);
    row.branding.color = std::move(wanted.brand_color).value_or(row.branding.color);
    if (auto const good = check_branding(row.branding); good.has_error()) {
        return good.error();
    }
    bool const has_any = row.branding != storage::branding{};
    if (has_any && row.branding != before && !plan_includes(settings_, row.plan, "branding")) {
        return failure{errc::feature_not_in_plan, "The plan \"" + row.plan + "\" does not include branding.",
                       "branding"};
    }
    if (wanted.return_urls) {
        row.return_urls = std::move(*wanted.return_urls);
        return check_return_urls(settings_, row.return_urls);
    }
    return {};
}

runtime::task<outcome<void>> workspaces::remove(std::string id, std::string slug, seen_version seen) {
    auto const row = co_await find(std::move(id), seen);
    if (row.has_error()) {
        co_return row.error();
    }
    if (slug != row->record.slug) {
        co_return failure{errc::field_invalid,
                          "Repeat the request with ?confirm= and the slug of the workspace: this cannot be "
                          "undone.",
                          "confirm"};
    }
    auto deleted = row->record;
    deleted.deleted_at = clock_.now();
    storage::write_batch batch;
    storage::workspaces::replace(batch, *row, deleted);
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error() && written.error() == storage::errc::guard_failed) {
        co_return errc::changed_meanwhile;
    }
    if (written.has_error()) {
        co_return written.error();
    }
    revision_.fetch_add(1);
    co_return outcome<void>{};
}

runtime::task<outcome<workspaces::stored_row>> workspaces::find(std::string id, seen_version seen) {
    auto const parsed = parse_id<crypto::workspace_id>(id, errc::workspace_not_found);
    if (parsed.has_error()) {
        co_return parsed.error();
    }
    auto row = co_await storage::workspaces::get(store_, *parsed);
    if (row.has_error()) {
        co_return row.error();
    }
    if (!*row || (*row)->record.deleted_at) {
        co_return errc::workspace_not_found;
    }
    if (auto const same = check_version((*row)->version, seen); same.has_error()) {
        co_return same.error();
    }
    co_return std::move(**row);
}

} // namespace connectd::server::services
