#include "server/http/gzip.hpp"

#include "server/http/header_list.hpp"

#include <boost/beast/zlib/inflate_stream.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <stdexcept>

namespace connectd::server::http {
namespace {

constexpr std::string_view blanks = " \t";
// ID1, ID2, CM = deflate, FLG = no optional fields; then time, extra flags and system (RFC 1952,
// section 2.3).
constexpr std::string_view member_begin{"\x1f\x8b\x08\0", 4};
constexpr std::size_t header_size = 10;
constexpr std::size_t trailer_size = 8; // CRC-32 and size, least significant byte first

// Up to the separator, which goes as well, without the blanks around it.
std::string_view take_part(std::string_view& from, char separator) {
    auto part = from.substr(0, from.find(separator));
    from.remove_prefix(std::min(part.size() + 1, from.size()));
    part.remove_prefix(std::min(part.find_first_not_of(blanks), part.size()));
    return part.substr(0, part.find_last_not_of(blanks) + 1);
}

bool is_refused(std::string_view parameters) {
    while (!parameters.empty()) {
        auto const each = take_part(parameters, ';');
        if (each.starts_with("q=") || each.starts_with("Q=")) {
            return each.find_first_not_of("0.", 2) == std::string_view::npos;
        }
    }
    return false;
}

std::uint32_t unpacked_size(std::string_view packed) {
    std::uint32_t size = 0;
    for (auto const byte : {packed.end()[-1], packed.end()[-2], packed.end()[-3], packed.end()[-4]}) {
        size = size << 8 | static_cast<unsigned char>(byte);
    }
    return size;
}

} // namespace

bool accepts_gzip(std::string_view accept_encoding) {
    bool others = false;
    while (!accept_encoding.empty()) {
        auto parameters = take_part(accept_encoding, ',');
        auto const coding = take_part(parameters, ';');
        if (equal_ignoring_case(coding, "gzip") || equal_ignoring_case(coding, "x-gzip")) {
            return !is_refused(parameters);
        }
        others = others || (coding == "*" && !is_refused(parameters));
    }
    return others;
}

std::string unpack_gzip(std::string_view packed) {
    namespace zlib = boost::beast::zlib;
    if (!packed.starts_with(member_begin) || packed.size() < header_size + trailer_size) {
        throw std::invalid_argument{"not a plain member of gzip"};
    }
    std::string content(unpacked_size(packed), '\0');
    // With the trailer: Beast's inflater reads a byte beyond the end of what was deflated before it sees the
    // end.
    auto const deflated = packed.substr(header_size);
    zlib::z_params going{};
    going.next_in = deflated.data();
    going.avail_in = deflated.size();
    going.next_out = content.data();
    going.avail_out = content.size();
    zlib::inflate_stream inflater;
    boost::beast::error_code end;
    inflater.write(going, zlib::Flush::finish, end);
    if (end != zlib::error::end_of_stream || going.avail_out != 0 || going.avail_in > trailer_size) {
        throw std::invalid_argument{"a damaged member of gzip"};
    }
    return content;
}

} // namespace connectd::server::http
