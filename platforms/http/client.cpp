#include "platforms/http/client.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>

namespace connectd::platforms::http {
namespace {

task<result<void>> gather(body_reader from, std::string& into) {
    std::array<char, 4096> piece;
    for (;;) {
        auto const got = co_await from(piece);
        if (!got) {
            co_return got.error();
        }
        if (*got == 0) {
            co_return result<void>();
        }
        into.append(piece.data(), *got);
    }
}

task<result<std::size_t>> hand_out(std::shared_ptr<std::string> body, std::span<char> into) {
    auto const size = body->copy(into.data(), into.size());
    body->erase(0, size);
    co_return size;
}

} // namespace

task<result<streamed_response>> client::open(streamed_request what, deadline until) {
    if (what.rest) {
        if (auto const whole = co_await gather(std::move(what.rest), what.head.body); !whole) {
            co_return whole.error();
        }
    }
    auto answer = co_await send(std::move(what.head), until);
    if (!answer) {
        co_return answer.error();
    }
    auto const body = std::make_shared<std::string>(std::exchange(answer->body, {}));
    streamed_response made{.head = std::move(*answer), .length = body->size()};
    made.body = [body](std::span<char> into) { return hand_out(body, into); };
    co_return made;
}

} // namespace connectd::platforms::http
