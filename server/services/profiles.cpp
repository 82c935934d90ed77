#include "server/services/profiles.hpp"

#include "server/services/input.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace connectd::server::services {
namespace {

constexpr std::size_t max_metadata = 16 * 1024;

profile_view view(storage::profile const& row) {
    return {.id = row.id,
            .name = row.name,
            .external_id = row.external_id,
            .metadata = row.metadata,
            .created_at = row.created_at,
            .updated_at = row.updated_at};
}

} // namespace

runtime::task<outcome<profile_view>> profiles::create(crypto::workspace_id workspace, new_profile input) {
    if (auto const good = check_text(input.name, "name"); good.has_error()) {
        co_return good.error();
    }
    if (auto const good = check_optional_text(input.external_id, "external_id", 256); good.has_error()) {
        co_return good.error();
    }
    if (input.metadata.size() > max_metadata) {
        co_return failure{errc::field_invalid, "At most 16 KiB of metadata.", "metadata"};
    }
    auto const now = clock_.now();
    storage::profile const row{.id = crypto::profile_id::make(now),
                               .workspace = workspace,
                               .name = std::move(input.name),
                               .external_id = std::move(input.external_id),
                               .metadata = std::move(input.metadata),
                               .created_at = now,
                               .updated_at = now};
    storage::write_batch batch;
    storage::profiles::create(batch, row);
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error() && written.error() == storage::errc::guard_failed) {
        co_return failure{errc::external_id_taken, {}, "external_id"};
    }
    if (written.has_error()) {
        co_return written.error();
    }
    co_return view(row);
}

runtime::task<outcome<listing<profile_view>>>
profiles::list(crypto::workspace_id workspace, std::optional<std::string> external_id, page_request page) {
    listing<profile_view> answer;
    if (external_id) {
        auto const row =
            co_await storage::profiles::find_by_external_id(store_, workspace, *std::move(external_id));
        if (row.has_error()) {
            co_return row.error();
        }
        if (*row) {
            answer.items.push_back(view((*row)->record));
        }
        co_return answer;
    }
    auto const rows = co_await storage::profiles::list(store_, workspace, std::move(page.cursor), page.limit);
    if (rows.has_error()) {
        co_return list_failure(rows.error());
    }
    std::ranges::transform(rows->items, std::back_inserter(answer.items), view);
    answer.next_cursor = rows->next_cursor;
    co_return answer;
}

runtime::task<outcome<profile_view>> profiles::get(crypto::workspace_id workspace, std::string id) {
    auto const parsed = parse_id<crypto::profile_id>(id, errc::profile_not_found);
    if (parsed.has_error()) {
        co_return parsed.error();
    }
    auto const row = co_await storage::profiles::get(store_, workspace, *parsed);
    if (row.has_error()) {
        co_return row.error();
    }
    if (!*row) {
        co_return errc::profile_not_found;
    }
    co_return view((*row)->record);
}

} // namespace connectd::server::services
