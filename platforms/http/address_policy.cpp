#include "platforms/http/address_policy.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace connectd::platforms::http {
namespace {

namespace ip = boost::asio::ip;

struct block_v4 {
    std::uint32_t prefix;
    unsigned bits;
};

constexpr std::uint32_t v4(unsigned a, unsigned b, unsigned c) {
    return (a << 24) | (b << 16) | (c << 8);
}

// IANA IPv4 Special-Purpose Address Registry, everything that is not globally reachable, plus multicast.
constexpr std::array<block_v4, 15> special_v4 = {{
    {v4(0, 0, 0), 8},       // "this network", unspecified
    {v4(10, 0, 0), 8},      // private
    {v4(100, 64, 0), 10},   // carrier-grade NAT
    {v4(127, 0, 0), 8},     // loopback
    {v4(169, 254, 0), 16},  // link-local, cloud metadata services
    {v4(172, 16, 0), 12},   // private
    {v4(192, 0, 0), 24},    // protocol assignments
    {v4(192, 0, 2), 24},    // documentation
    {v4(192, 88, 99), 24},  // 6to4 relays
    {v4(192, 168, 0), 16},  // private
    {v4(198, 18, 0), 15},   // benchmarks
    {v4(198, 51, 100), 24}, // documentation
    {v4(203, 0, 113), 24},  // documentation
    {v4(224, 0, 0), 4},     // multicast
    {v4(240, 0, 0), 4},     // reserved, broadcast
}};

bool is_public_v4(std::uint32_t address) noexcept {
    return std::ranges::none_of(special_v4, [address](block_v4 const& block) {
        std::uint32_t const mask = ~std::uint32_t{0} << (32 - block.bits);
        return (address & mask) == block.prefix;
    });
}

using octets = ip::address_v6::bytes_type;

bool starts_with(octets const& address, std::span<std::uint8_t const> prefix) noexcept {
    return std::ranges::equal(prefix, std::span(address).first(prefix.size()));
}

std::uint32_t v4_at(octets const& address, std::size_t offset) noexcept {
    return (std::uint32_t{address[offset]} << 24) | (std::uint32_t{address[offset + 1]} << 16) |
           (std::uint32_t{address[offset + 2]} << 8) | std::uint32_t{address[offset + 3]};
}

bool is_public_v6(octets const& a) noexcept {
    constexpr std::array<std::uint8_t, 12> nat64 = {0x00, 0x64, 0xff, 0x9b};
    constexpr std::array<std::uint8_t, 2> six_to_four = {0x20, 0x02};
    constexpr std::array<std::uint8_t, 4> documentation = {0x20, 0x01, 0x0d, 0xb8};
    constexpr std::array<std::uint8_t, 2> documentation_new = {0x3f, 0xff};
    // The well-known NAT64 prefix is how a network without IPv4 reaches every IPv4-only host.
    if (starts_with(a, nat64)) {
        return is_public_v4(v4_at(a, 12));
    }
    if (starts_with(a, six_to_four)) {
        return is_public_v4(v4_at(a, 2));
    }
    // Global unicast is 2000::/3. All else is loopback, mapped, unique local, link-local, multicast or
    // unassigned.
    if ((a[0] & 0xe0) != 0x20) {
        return false;
    }
    // 2001::/23 holds protocol assignments: Teredo (an IPv4 address in disguise), ORCHID, benchmarks.
    if (a[0] == 0x20 && a[1] == 0x01 && (a[2] & 0xfe) == 0) {
        return false;
    }
    bool const new_documentation = starts_with(a, documentation_new) && (a[2] & 0xf0) == 0;
    return !starts_with(a, documentation) && !new_documentation;
}

} // namespace

bool is_public(ip::address const& address) noexcept {
    return address.is_v4() ? is_public_v4(address.to_v4().to_uint())
                           : is_public_v6(address.to_v6().to_bytes());
}

result<void> check_scheme(address_policy const& policy, bool tls) noexcept {
    if (tls || policy.allow_http) {
        return {};
    }
    return errc::address_refused;
}

result<void> check_addresses(address_policy const& policy, std::span<ip::address const> addresses) noexcept {
    if (policy.allow_private || std::ranges::all_of(addresses, is_public)) {
        return {};
    }
    return errc::address_refused;
}

} // namespace connectd::platforms::http
