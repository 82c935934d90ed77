// /v1/accounts/{id}/pinterest: boards, and the one that posts go to. That one is kept in the account's
// metadata.
#include "server/dialects/boards.hpp"

#include "server/dialects/fields.hpp"
#include "server/dialects/letmepost/letmepost.hpp"
#include "server/dialects/views.hpp"
#include "server/http/render.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace connectd::server::dialects::letmepost {
namespace {

constexpr std::string_view board_id = "pinterest_default_board_id";
constexpr std::string_view board_name = "pinterest_default_board_name";

boost::json::object to_json(board const& shown) {
    boost::json::object made{{"id", shown.id}, {"name", shown.name}};
    if (!shown.privacy.empty()) {
        made["privacy"] = shown.privacy;
    }
    return made;
}

// Errors: account_not_found, changed_meanwhile.
runtime::task<services::outcome<void>> keep_default(call of, std::string id, board chosen) {
    auto const account = co_await of.services().accounts.get(of.workspace(), id);
    if (account.has_error()) {
        co_return account.error();
    }
    auto metadata = http::render_metadata(account->metadata).as_object();
    metadata[board_id] = chosen.id;
    metadata[board_name] = chosen.name;
    auto const kept = co_await of.services().accounts.update(
        of.workspace(), std::move(id), {.metadata = boost::json::serialize(metadata), .profile_id = {}});
    if (kept.has_error()) {
        co_return kept.error();
    }
    co_return services::outcome<void>{};
}

struct wanted_board {
    new_board made;
    bool as_default = false;
    bool or_existing = false; // of the same name
};

services::outcome<wanted_board> read_board(http::request const& asked) {
    auto body = fields::read(asked);
    if (body.has_error()) {
        return body.error();
    }
    wanted_board wanted{.made = {.name = body->text("name"),
                                 .description = body->optional_text("description").value_or(std::string{}),
                                 .privacy = body->optional_text("privacy").value_or(std::string{})},
                        .as_default = body->optional_flag("setAsDefault").value_or(false),
                        .or_existing = body->optional_flag("upsert").value_or(false)};
    if (auto const& wrong = body->problem()) {
        return *wrong;
    }
    return wanted;
}

} // namespace

boost::json::object default_board(services::account_view const& shown) {
    auto const text = [&](std::string_view name) {
        return http::render_text(metadata_text(shown.metadata, name).value_or(std::string{}));
    };
    return {{"defaultBoardId", text(board_id)}, {"defaultBoardName", text(board_name)}};
}

runtime::task<http::response> list_boards(call of) {
    auto const id = of.asked.path_parameter("id");
    auto const found = co_await all_boards(of, id);
    auto const account = co_await of.services().accounts.get(of.workspace(), id);
    if (found.has_error() || account.has_error()) {
        co_return of.refuse(found.has_error() ? found.error() : account.error());
    }
    boost::json::array data;
    for (auto const& each : *found) {
        data.push_back(to_json(each));
    }
    boost::json::object shown{{"data", std::move(data)}};
    if (auto const chosen = metadata_text(account->metadata, board_id)) {
        shown["defaultBoardId"] = *chosen;
    }
    co_return http::response::json(200, shown);
}

runtime::task<http::response> make_board(call of) {
    auto const id = of.asked.path_parameter("id");
    auto wanted = read_board(of.asked);
    if (wanted.has_error()) {
        co_return of.refuse(wanted.error());
    }
    auto const before = co_await all_boards(of, id);
    if (before.has_error()) {
        co_return of.refuse(before.error());
    }
    auto const same = std::ranges::find(*before, wanted->made.name, &board::name);
    bool const there = wanted->or_existing && same != before->end();
    services::outcome<board> chosen = services::errc::platform_answer_invalid;
    if (there) {
        chosen = *same;
    } else {
        chosen = co_await create_board(of, id, std::move(wanted->made));
    }
    if (chosen.has_error()) {
        co_return of.refuse(chosen.error());
    }
    auto shown = to_json(*chosen);
    if (wanted->or_existing) {
        shown["existing"] = there;
    }
    if (wanted->as_default) {
        if (auto const kept = co_await keep_default(of, id, *chosen); kept.has_error()) {
            co_return of.refuse(kept.error());
        }
        shown["defaultBoardId"] = chosen->id;
        shown["defaultBoardName"] = chosen->name;
    }
    co_return http::response::json(there ? 200 : 201, shown);
}

runtime::task<http::response> choose_board(call of) {
    auto const id = of.asked.path_parameter("id");
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    auto const wanted = body->text("boardId");
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    auto const boards = co_await all_boards(of, id);
    if (boards.has_error()) {
        co_return of.refuse(boards.error());
    }
    auto const chosen = std::ranges::find(*boards, wanted, &board::id);
    if (chosen == boards->end()) {
        co_return of.refuse(services::refusal{404, "board_not_found", "The account has no such board."});
    }
    if (auto const kept = co_await keep_default(of, id, *chosen); kept.has_error()) {
        co_return of.refuse(kept.error());
    }
    co_return http::response::json(
        200,
        boost::json::object{{"id", id}, {"defaultBoardId", chosen->id}, {"defaultBoardName", chosen->name}});
}

} // namespace connectd::server::dialects::letmepost
