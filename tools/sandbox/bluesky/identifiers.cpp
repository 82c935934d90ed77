#include "tools/sandbox/bluesky/identifiers.hpp"

#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"
#include "crypto/random.hpp"
#include "tools/sandbox/time_text.hpp"
#include "tools/sandbox/utf8.hpp"

#include <algorithm>
#include <array>

namespace connectd::sandbox::bluesky {
namespace {

constexpr std::string_view base32_alphabet = "abcdefghijklmnopqrstuvwxyz234567";
constexpr std::string_view tid_alphabet = "234567abcdefghijklmnopqrstuvwxyz";

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Calls `check(label, is_last)` for every dot-separated part; false as soon as one fails.
template <class Check>
bool all_labels(std::string_view text, Check check) {
    while (true) {
        auto const dot = text.find('.');
        bool const last = dot == std::string_view::npos;
        if (!check(text.substr(0, dot), last))
            return false;
        if (last)
            return true;
        text.remove_prefix(dot + 1);
    }
}

bool valid_host_label(std::string_view label) {
    return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
           std::ranges::all_of(label, [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
}

std::string random_base32(std::size_t length) {
    std::string text(length, '\0');
    std::array<std::uint8_t, 64> noise{};
    crypto::random_fill(std::span{noise}.first(length));
    for (std::size_t i = 0; i < length; ++i)
        text[i] = base32_alphabet[noise[i] % 32];
    return text;
}

} // namespace

bool valid_did(std::string_view did) {
    constexpr std::string_view plc = "did:plc:";
    constexpr std::string_view web = "did:web:";
    if (did.starts_with(plc)) {
        did.remove_prefix(plc.size());
        return did.size() == 24 && std::ranges::all_of(did, [](char c) {
                   return base32_alphabet.find(c) != std::string_view::npos;
               });
    }
    if (!did.starts_with(web))
        return false;
    did.remove_prefix(web.size());
    auto const port = did.find("%3A");
    if (port != std::string_view::npos) {
        auto const digits = did.substr(port + 3);
        if (digits.empty() || digits.size() > 5 || !std::ranges::all_of(digits, is_digit))
            return false;
    }
    return all_labels(did.substr(0, port),
                      [](std::string_view label, bool) { return valid_host_label(label); });
}

std::string did_from(std::string_view seed) {
    auto const digest = crypto::sha256(seed);
    return "did:plc:" + base32_lower(crypto::as_text(digest)).substr(0, 24);
}

bool valid_handle(std::string_view handle) {
    if (handle.size() > 253 || handle.find('.') == std::string_view::npos)
        return false;
    return all_labels(handle, [](std::string_view label, bool last) {
        return valid_host_label(label) && (!last || is_letter(label.front()));
    });
}

bool valid_nsid(std::string_view nsid) {
    if (nsid.size() > 317 || std::ranges::count(nsid, '.') < 2)
        return false;
    return all_labels(nsid, [](std::string_view label, bool last) {
        if (last)
            return !label.empty() && label.size() <= 63 && is_letter(label.front()) &&
                   std::ranges::all_of(label, [](char c) { return is_letter(c) || is_digit(c); });
        return valid_host_label(label);
    });
}

bool valid_record_key(std::string_view key) {
    return !key.empty() && key.size() <= 512 && key != "." && key != ".." &&
           std::ranges::all_of(key, [](char c) {
               return is_letter(c) || is_digit(c) || c == '_' || c == '~' || c == '.' || c == ':' || c == '-';
           });
}

bool valid_datetime(std::string_view text) {
    return parse_time(text).has_value();
}

std::string make_tid(sys_ms time, std::uint64_t counter) {
    auto const microseconds = static_cast<std::uint64_t>(time.time_since_epoch().count()) * 1000;
    // 53 bits of microseconds, then 10 bits that tell writers apart.
    std::uint64_t bits = (microseconds + counter / 1024 % 1000) << 10 | counter % 1024;
    std::string tid(13, '\0');
    for (auto digit = tid.rbegin(); digit != tid.rend(); ++digit) {
        *digit = tid_alphabet[bits % 32];
        bits /= 32;
    }
    return tid;
}

std::string base32_lower(std::string_view data) {
    std::string text;
    text.reserve(data.size() * 8 / 5 + 1);
    unsigned pending = 0;
    int bits = 0;
    for (char const c : data) {
        pending = pending << 8 | static_cast<unsigned char>(c);
        bits += 8;
        while (bits >= 5) {
            bits -= 5;
            text.push_back(base32_alphabet[pending >> bits & 31]);
        }
        pending &= (1U << bits) - 1;
    }
    if (bits > 0)
        text.push_back(base32_alphabet[pending << (5 - bits) & 31]);
    return text;
}

std::string make_cid(std::string_view content) {
    auto const digest = crypto::sha256(content);
    // Version 1, codec dag-cbor, multihash SHA-256 of 32 bytes.
    std::string binary{"\x01\x71\x12\x20", 4};
    binary.append(crypto::as_text(digest));
    return "b" + base32_lower(binary);
}

std::string make_app_password() {
    return random_base32(4) + "-" + random_base32(4) + "-" + random_base32(4) + "-" + random_base32(4);
}

std::size_t count_graphemes(std::string_view text) {
    std::size_t count = 0;
    bool joined = false;
    while (!text.empty()) {
        auto const [point, bytes] = first_code_point(text);
        text.remove_prefix(bytes);
        bool const joiner = point == 0x200D;
        bool const mark = (point >= 0x300 && point <= 0x36F) || (point >= 0xFE00 && point <= 0xFE0F) ||
                          (point >= 0x1F3FB && point <= 0x1F3FF);
        if (!joiner && !mark && !joined)
            ++count;
        joined = joiner;
    }
    return count;
}

} // namespace connectd::sandbox::bluesky
