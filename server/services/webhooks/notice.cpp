#include "server/services/webhooks/notice.hpp"

#include "server/services/event_types.hpp"
#include "storage/tables/accounts.hpp"
#include "storage/tables/profiles.hpp"
#include "storage/tables/workspaces.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <utility>

namespace connectd::server::services::webhooks {
namespace {

std::string_view text_of(boost::json::object const& data, std::string_view name) {
    auto const* value = data.if_contains(name);
    return value != nullptr && value->is_string() ? std::string_view{value->get_string()}
                                                  : std::string_view{};
}

boost::json::object data_of(storage::event const& what) {
    boost::json::error_code error;
    auto data = boost::json::parse(what.data, error);
    return error || !data.is_object() ? boost::json::object{} : std::move(data.get_object());
}

// A test may have another name, and other data.
void take_sample(notice& made) {
    auto const* name = made.data.if_contains("type");
    auto* sample = made.data.if_contains("data");
    if (name == nullptr || sample == nullptr) {
        made.word = webhook_test_event;
        return;
    }
    made.word = name->get_string();
    auto inner = std::move(sample->get_object());
    made.data = std::move(inner);
}

runtime::task<outcome<void>> add_account(storage::kv& store, crypto::workspace_id workspace,
                                         crypto::account_id id, notice& made) {
    auto const account = co_await storage::accounts::get(store, workspace, id);
    if (account.has_error()) {
        co_return account.error();
    }
    if (!*account) {
        co_return outcome<void>{};
    }
    auto const& row = (*account)->record;
    made.display_name = row.display_name;
    made.metadata = row.metadata;
    auto const profile = co_await storage::profiles::get(store, workspace, row.profile);
    if (profile.has_error()) {
        co_return profile.error();
    }
    auto const owner = co_await storage::workspaces::get(store, workspace);
    if (owner.has_error()) {
        co_return owner.error();
    }
    made.external_id = *profile ? (*profile)->record.external_id : std::string{};
    made.of_default_profile = *owner && (*owner)->record.default_profile == row.profile;
    co_return outcome<void>{};
}

} // namespace

bool notice::is_test() const noexcept {
    return type == webhook_test_event;
}

std::string_view notice::text(std::string_view name) const {
    return text_of(data, name);
}

std::string test_data(crypto::webhook_id endpoint, std::string_view word, boost::json::object const& data) {
    boost::json::object made{{"webhook_id", endpoint.to_string()}};
    if (!word.empty()) {
        made["type"] = word;
        made["data"] = data;
    }
    return boost::json::serialize(made);
}

bool concerns(storage::webhook const& endpoint, storage::event const& what) {
    return !endpoint.profile || text_of(data_of(what), "profile_id") == endpoint.profile->to_string();
}

runtime::task<outcome<notice>> read_notice(storage::kv& store, storage::webhook endpoint, storage::event what,
                                           std::string_view word, bool tells_account) {
    notice made{.id = what.id.to_string(),
                .endpoint = endpoint.id.to_string(),
                .workspace = endpoint.workspace.to_string(),
                .type = what.type,
                .word = std::string{word},
                .data = data_of(what),
                .happened_at = what.created_at};
    if (made.is_test()) {
        take_sample(made);
    } else if (tells_account && what.account) {
        auto const added = co_await add_account(store, endpoint.workspace, *what.account, made);
        if (added.has_error()) {
            co_return added.error();
        }
    }
    co_return made;
}

} // namespace connectd::server::services::webhooks
