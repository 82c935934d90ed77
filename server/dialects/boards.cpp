#include "server/dialects/boards.hpp"

#include "server/http/parameters.hpp"
#include "server/services/proxy/forwarder.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <utility>

namespace connectd::server::dialects {
namespace {

using services::errc;
using services::failure;

constexpr std::size_t largest_answer = 1024 * 1024;
constexpr std::size_t most_boards = 10'000;
constexpr unsigned first_refused = 400;
constexpr unsigned first_broken = 500;

struct platform_call {
    std::string method;
    std::string query{};
    std::string body{};
};

// A body that is there already.
struct given_body {
    std::string text;
    std::size_t given = 0;

    static runtime::task<boost::system::result<std::size_t>> read(std::shared_ptr<given_body> self,
                                                                  std::span<char> into) {
        auto const size = self->text.copy(into.data(), into.size(), self->given);
        self->given += size;
        co_return size;
    }
};

services::proxy::call to_call(call const& of, platform_call wanted) {
    services::proxy::call made{.method = std::move(wanted.method),
                               .path = "boards",
                               .query = std::move(wanted.query),
                               .headers = {{"Accept", "application/json"}},
                               .body = {},
                               .length = {},
                               .deadline = of.asked.deadline,
                               .request_id = of.asked.request_id};
    if (!wanted.body.empty()) {
        made.headers.emplace_back("Content-Type", "application/json");
        made.length = wanted.body.size();
        auto const given = std::make_shared<given_body>(given_body{std::move(wanted.body)});
        made.body = [given](std::span<char> into) { return given_body::read(given, into); };
    }
    return made;
}

// The whole body. Errors: platform_answer_invalid.
runtime::task<services::outcome<std::string>> read_whole(services::proxy::answer answered) {
    std::string text;
    std::array<char, 16 * 1024> piece;
    while (answered.body) {
        auto const size = co_await answered.body(piece);
        if (size.has_error() || text.size() > largest_answer) {
            co_return errc::platform_answer_invalid;
        }
        if (*size == 0) {
            break;
        }
        text.append(piece.data(), *size);
    }
    co_return text;
}

// What Pinterest answered, an object.
runtime::task<services::outcome<boost::json::object>> ask(call of, std::string account,
                                                          platform_call wanted) {
    auto got = co_await of.services().proxy.forward(of.workspace(), std::move(account),
                                                    to_call(of, std::move(wanted)));
    if (got.has_error()) {
        co_return got.error().why;
    }
    auto const status = got->status;
    if (status >= first_broken) {
        co_return errc::platform_unavailable;
    }
    if (status >= first_refused) {
        co_return failure{errc::field_invalid,
                          "Pinterest refuses this with status " + std::to_string(status) + "."};
    }
    auto const text = co_await read_whole(std::move(*got));
    if (text.has_error()) {
        co_return text.error();
    }
    boost::json::error_code error;
    auto body = boost::json::parse(*text, error);
    if (error || !body.is_object()) {
        co_return errc::platform_answer_invalid;
    }
    co_return std::move(body.get_object());
}

// Errors: account_not_found, field_invalid, feature_not_in_plan.
runtime::task<services::outcome<void>> check(call of, std::string account) {
    auto const found = co_await of.services().accounts.get(of.workspace(), std::move(account));
    if (found.has_error()) {
        co_return found.error();
    }
    if (found->platform != "pinterest") {
        co_return failure{errc::field_invalid, "The account is not one of Pinterest."};
    }
    co_return co_await of.services().plans.check(of.workspace(), "proxy");
}

std::string text_of(boost::json::object const& of, std::string_view name) {
    auto const* value = of.if_contains(name);
    return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
}

board to_board(boost::json::object const& shown) {
    return {text_of(shown, "id"), text_of(shown, "name"), text_of(shown, "privacy"),
            text_of(shown, "description")};
}

} // namespace

runtime::task<services::outcome<std::vector<board>>> all_boards(call of, std::string account) {
    if (auto const good = co_await check(of, account); good.has_error()) {
        co_return good.error();
    }
    std::vector<board> boards;
    std::string query = "page_size=250";
    while (!query.empty() && boards.size() < most_boards) {
        auto const page = co_await ask(of, account, {.method = "GET", .query = std::move(query)});
        if (page.has_error()) {
            co_return page.error();
        }
        auto const* items = page->if_contains("items");
        if (items == nullptr || !items->is_array()) {
            co_return errc::platform_answer_invalid;
        }
        for (auto const& each : items->get_array()) {
            if (each.is_object()) {
                boards.push_back(to_board(each.get_object()));
            }
        }
        auto const bookmark = text_of(*page, "bookmark");
        query = bookmark.empty() || items->get_array().empty()
                    ? std::string{}
                    : "page_size=250&bookmark=" + http::percent_encode(bookmark);
    }
    co_return boards;
}

runtime::task<services::outcome<board>> create_board(call of, std::string account, new_board wanted) {
    if (auto const good = co_await check(of, account); good.has_error()) {
        co_return good.error();
    }
    boost::json::object body{{"name", wanted.name}};
    if (!wanted.description.empty()) {
        body["description"] = wanted.description;
    }
    if (!wanted.privacy.empty()) {
        body["privacy"] = wanted.privacy;
    }
    auto const made = co_await ask(of, std::move(account),
                                   {.method = "POST", .query = {}, .body = boost::json::serialize(body)});
    if (made.has_error()) {
        co_return made.error();
    }
    co_return to_board(*made);
}

} // namespace connectd::server::dialects
