#include "server/api/audit.hpp"

#include "server/api/paging.hpp"
#include "server/api/problem.hpp"
#include "server/api/render.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace connectd::server::api {
namespace {

constexpr unsigned created = 201;
constexpr unsigned first_refusal = 400;

// The id of what was made, or else of what the path names last.
std::string target_of(http::request const& asked, http::response const& answer) {
    auto const& named = asked.path_parameters;
    if (answer.status != created && !named.empty()) {
        return named.back().second;
    }
    boost::json::error_code error;
    auto const body = boost::json::parse(answer.body, error);
    auto const* id = error ? nullptr : body.find_pointer("/id", error);
    return id != nullptr && id->is_string() ? std::string{id->get_string()} : std::string{};
}

// The operator's changes are written where the workspace's owner can see them; that a workspace is gone,
// where it does not go with it.
crypto::workspace_id chain_of(call const& of, std::string_view action, std::string const& target) {
    if (!of.who.root) {
        return of.workspace();
    }
    bool const about_one = of.asked.route.starts_with("/v1/workspaces") && action != "workspaces.delete";
    auto const& named = of.asked.path_parameters;
    auto const id = crypto::workspace_id::parse(named.empty() ? target : named.front().second);
    return about_one && id.has_value() ? *id : crypto::workspace_id{};
}

services::failure invalid(std::string field, std::string detail) {
    return {services::errc::field_invalid, std::move(detail), std::move(field)};
}

services::outcome<std::optional<std::uint64_t>> read_after(http::request const& asked) {
    auto const text = asked.query.find("after");
    if (!text) {
        return std::optional<std::uint64_t>{};
    }
    std::uint64_t number = 0;
    auto const* const last = text->data() + text->size();
    auto const [end, error] = std::from_chars(text->data(), last, number);
    if (error != std::errc{} || end != last) {
        return invalid("after", "The number of an entry.");
    }
    return std::optional{number};
}

// Whose chain; nothing for all of them, which only the operator sees.
services::outcome<std::optional<crypto::workspace_id>> read_chain(call const& of) {
    auto const named = of.asked.query.find("workspace_id");
    if (!of.who.root) {
        return named ? services::outcome<std::optional<crypto::workspace_id>>{invalid(
                           "workspace_id", "This list has no such parameter.")}
                     : std::optional{of.workspace()};
    }
    if (!named) {
        return std::optional<crypto::workspace_id>{};
    }
    auto const id = crypto::workspace_id::parse(*named);
    if (id.has_error()) {
        return invalid("workspace_id", "Not a workspace id.");
    }
    return std::optional{*id};
}

} // namespace

boost::json::object to_json(services::audit_view const& shown) {
    return {{"number", shown.number},
            {"workspace_id", render_id(shown.workspace)},
            {"created_at", render_time(shown.at)},
            {"actor",
             {{"type", shown.actor},
              {"id", render_text(shown.actor_id)},
              {"name", render_text(shown.actor_name)}}},
            {"remote_address", shown.remote_address},
            {"request_id", shown.request_id},
            {"action", shown.action},
            {"target", render_text(shown.target)},
            {"status", shown.status},
            {"previous_digest", render_text(shown.previous)},
            {"digest", shown.digest}};
}

runtime::task<http::response> audited(call of, std::string_view action, http::response answer) {
    if (answer.status >= first_refusal) {
        co_return answer;
    }
    auto target = target_of(of.asked, answer);
    auto const chain = chain_of(of, action, target);
    auto const written = co_await of.services().audit.record({.who = of.who,
                                                              .workspace = chain,
                                                              .remote_address = of.asked.remote_address(),
                                                              .request_id = of.asked.request_id,
                                                              .action = action,
                                                              .target = std::move(target),
                                                              .status = answer.status});
    if (written.has_error()) {
        co_return refuse(written.error(), of.asked);
    }
    co_return answer;
}

runtime::task<http::response> list_audit(call of) {
    auto const page = read_page(of.asked, {"after", "actor", "action", "target", "workspace_id"});
    if (page.has_error()) {
        co_return refuse(page.error(), of.asked);
    }
    auto const chain = read_chain(of);
    if (chain.has_error()) {
        co_return refuse(chain.error(), of.asked);
    }
    auto const after = read_after(of.asked);
    if (after.has_error()) {
        co_return refuse(after.error(), of.asked);
    }
    if (!*chain && *after) {
        co_return refuse(invalid("after", "Entries have numbers within a workspace: name it."), of.asked);
    }
    services::audit_filter wanted{.actor = filter(of.asked, "actor"),
                                  .action = filter(of.asked, "action"),
                                  .target = filter(of.asked, "target")};
    auto& log = of.services().audit;
    auto found =
        *chain ? log.list(**chain, std::move(wanted), *after, *page) : log.list_all(std::move(wanted), *page);
    auto const entries = co_await std::move(found);
    if (entries.has_error()) {
        co_return refuse(entries.error(), of.asked);
    }
    boost::json::array data;
    for (auto const& shown : entries->items) {
        data.push_back(to_json(shown));
    }
    co_return list_response(std::move(data), entries->next_cursor);
}

} // namespace connectd::server::api
