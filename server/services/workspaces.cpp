#include "server/services/workspaces.hpp"

#include "server/services/input.hpp"
#include "storage/tables/profiles.hpp"

#include <algorithm>
#include <utility>

namespace connectd::server::services {
namespace {

workspace_view view(storage::workspace const& row) {
    return {.id = row.id,
            .slug = row.slug,
            .name = row.name,
            .plan = row.plan,
            .default_profile = row.default_profile,
            .created_at = row.created_at,
            .updated_at = row.updated_at};
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
    co_return view(row);
}

runtime::task<outcome<listing<workspace_view>>> workspaces::list(page_request page) {
    auto const rows = co_await storage::workspaces::list(store_, std::move(page.cursor), page.limit);
    if (rows.has_error()) {
        co_return list_failure(rows.error());
    }
    listing<workspace_view> answer{.items = {}, .next_cursor = rows->next_cursor};
    std::ranges::transform(rows->items, std::back_inserter(answer.items), view);
    co_return answer;
}

runtime::task<outcome<workspace_view>> workspaces::get(std::string id) {
    auto const parsed = parse_id<crypto::workspace_id>(id, errc::workspace_not_found);
    if (parsed.has_error()) {
        co_return parsed.error();
    }
    auto const row = co_await storage::workspaces::get(store_, *parsed);
    if (row.has_error()) {
        co_return row.error();
    }
    if (!*row) {
        co_return errc::workspace_not_found;
    }
    co_return view((*row)->record);
}

} // namespace connectd::server::services
