#include "server/api/event_stream.hpp"

#include "server/api/events.hpp"
#include "server/api/paging.hpp"
#include "server/api/problem.hpp"
#include "server/services/event_hub.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace connectd::server::api {
namespace {

// A comment, so that neither side takes a quiet stream for a dead one.
constexpr std::chrono::seconds longest_silence{15};
constexpr std::string_view comment = ":\n\n";

constexpr std::size_t events_at_once = 20;

// One stream on its way. Lives as long as the answer's body; what it refers to outlives the router.
struct event_source {
    services::events& log;
    crypto::workspace_id workspace;
    services::event_feed feed;
    std::unique_ptr<services::event_hub::place> place;
    std::chrono::steady_clock::duration silence; // before a comment
    std::string text;                            // not yet sent
};

std::string to_text(services::event_view const& shown) {
    return "id: " + shown.id.to_string() + "\nevent: " + shown.type +
           "\ndata: " + boost::json::serialize(to_json(shown)) + "\n\n";
}

using piece = boost::system::result<std::size_t>;

runtime::task<piece> read_piece(std::shared_ptr<event_source> source, std::span<char> into) {
    auto const context = co_await boost::asio::this_coro::executor;
    auto const until = runtime::deadline_in(source->silence);
    while (source->text.empty()) {
        auto const found = co_await source->log.next(source->workspace, source->feed, events_at_once);
        if (found.has_error()) {
            co_return found.error().code; // the client sees the end and comes again
        }
        for (auto const& shown : *found) {
            source->text += to_text(shown);
        }
        if (!source->text.empty()) {
            break;
        }
        if (source->feed.behind) { // a long way without anything wanted, with the work of others in between
            co_await boost::asio::post(context, runtime::use_task);
        } else if (source->place->closed()) {
            co_return std::size_t{0};
        } else if (runtime::steady_now() >= until) {
            source->text = comment;
        } else {
            co_await source->place->wait(until);
        }
    }
    auto const size = std::min(into.size(), source->text.size());
    std::copy_n(source->text.begin(), size, into.begin());
    source->text.erase(0, size);
    co_return size;
}

} // namespace

runtime::task<http::response> stream_events(call of) {
    auto const page = read_page(of.asked, {"after", "type", "account_id"});
    if (page.has_error()) {
        co_return refuse(page.error(), of.asked);
    }
    auto after = filter(of.asked, "after");
    if (auto const last = of.asked.header("Last-Event-ID"); last && !last->empty()) {
        after = std::string{*last}; // where a reconnecting client has got to
    }
    auto place = of.with.streams.enter(of.workspace()); // before the log is read: nothing falls between
    if (!place) {
        co_return to_response({429, "too_many_streams", "There are too many event streams already.", {}},
                              of.asked.request_id);
    }
    auto feed = co_await of.services().events.follow(
        of.workspace(), {.type = filter(of.asked, "type"), .account_id = filter(of.asked, "account_id")},
        std::move(after));
    if (feed.has_error()) {
        co_return refuse(feed.error(), of.asked);
    }
    // A piece has as long as a handler; half of it is on the safe side.
    auto const silence = std::min<std::chrono::steady_clock::duration>(
        longest_silence, (of.asked.deadline - of.asked.arrived) / 2);
    auto source =
        std::make_shared<event_source>(event_source{of.services().events, of.workspace(), std::move(*feed),
                                                    std::move(place), silence, "retry: 1000\n\n"});
    http::response answer;
    answer.set("Content-Type", "text/event-stream");
    answer.set("Cache-Control", "no-store");
    answer.stream = http::body_stream{
        .read = [source](std::span<char> into) { return read_piece(source, into); }, .length = {}};
    co_return answer;
}

} // namespace connectd::server::api
