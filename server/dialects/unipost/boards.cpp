// /v1/accounts/{id}/pinterest/boards.
#include "server/dialects/boards.hpp"

#include "server/dialects/fields.hpp"
#include "server/dialects/unipost/unipost.hpp"

#include <utility>

namespace connectd::server::dialects::unipost {
namespace {

boost::json::object to_json(board const& shown) {
    boost::json::object made{{"id", shown.id}, {"name", shown.name}};
    if (!shown.privacy.empty()) {
        made["privacy"] = shown.privacy;
    }
    return made;
}

} // namespace

runtime::task<http::response> list_boards(call of) {
    auto const found = co_await all_boards(of, of.asked.path_parameter("id"));
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    boost::json::array data;
    for (auto const& each : *found) {
        data.push_back(to_json(each));
    }
    co_return answer_list(std::move(data), of);
}

runtime::task<http::response> make_board(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    new_board wanted{.name = body->text("name"),
                     .description = body->optional_text("description").value_or(std::string{}),
                     .privacy = body->optional_text("privacy").value_or(std::string{})};
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    auto const made = co_await create_board(of, of.asked.path_parameter("id"), std::move(wanted));
    co_return made.has_error() ? of.refuse(made.error()) : answer(201, to_json(*made), of);
}

} // namespace connectd::server::dialects::unipost
