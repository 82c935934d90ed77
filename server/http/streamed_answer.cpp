#include "server/http/streamed_answer.hpp"

#include <boost/system/errc.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace connectd::server::http {

namespace {

// The size of a piece in hexadecimal, and its line end.
constexpr std::size_t longest_chunk_line = 2 * sizeof(std::size_t) + 2;
constexpr std::string_view line_end = "\r\n";
constexpr std::string_view last_chunk = "0\r\n\r\n";

} // namespace

streamed_answer::streamed_answer(std::string head, body_stream body, bool chunked)
    : head_{std::move(head)},
      body_{std::move(body)},
      chunked_{chunked},
      room_{head_.size() + longest_chunk_line},
      most_{
          static_cast<std::size_t>(std::min<std::uint64_t>(piece_size, body_.length.value_or(piece_size)))} {}

// As large as the body can need and not filled: clearing 64 KiB would cost more than a small answer does.
void streamed_answer::make_buffer() {
    if (buffer_ == nullptr) {
        buffer_ = std::make_unique_for_overwrite<char[]>(room_ + most_ + line_end.size());
    }
}

runtime::task<boost::system::result<std::string_view>> streamed_answer::next() {
    if (ended_ || body_.length == 0U) {
        co_return finish();
    }
    make_buffer();
    auto const most = std::min<std::uint64_t>(most_, body_.length.value_or(most_));
    auto const got =
        co_await body_.read(std::span<char>{buffer_.get() + room_, static_cast<std::size_t>(most)});
    if (!got) {
        co_return got.error();
    }
    if (*got == 0) {
        if (body_.length) {
            co_return make_error_code(boost::system::errc::message_size);
        }
        co_return finish();
    }
    if (body_.length) {
        *body_.length -= *got;
    }
    co_return frame(*got);
}

// Puts what goes before the piece right in front of it.
std::string_view streamed_answer::frame(std::size_t size) {
    auto begin = room_;
    auto end = room_ + size;
    if (chunked_) {
        std::array<char, longest_chunk_line> line{};
        auto* digits_end = std::to_chars(line.data(), line.data() + line.size(), size, 16).ptr;
        digits_end = std::copy(line_end.begin(), line_end.end(), digits_end);
        begin -= static_cast<std::size_t>(digits_end - line.data());
        std::copy(line.data(), digits_end, buffer_.get() + begin);
        std::ranges::copy(line_end, buffer_.get() + end);
        end += line_end.size();
    }
    begin -= head_.size();
    std::ranges::copy(head_, buffer_.get() + begin);
    head_.clear();
    return {buffer_.get() + begin, end - begin};
}

std::string_view streamed_answer::finish() {
    if (!std::exchange(ended_, true)) {
        last_ = std::exchange(head_, {});
        last_ += chunked_ ? last_chunk : std::string_view{};
    } else {
        last_.clear();
    }
    return last_;
}

} // namespace connectd::server::http
