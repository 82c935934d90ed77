// Passwords of operators: Argon2id (RFC 9106) by libsodium, in the usual text form
// `$argon2id$v=19$m=...,t=...,p=1$...`.
//
// Threads: any thread, but every call blocks for about a tenth of a second and takes `memory` bytes, so it
// belongs on the offload pool, whose size bounds the memory.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace connectd::crypto {

// The second choice of RFC 9106 section 4 (64 MiB, three passes), with one lane because libsodium makes only
// one.
struct password_cost {
    unsigned long long passes = 3;
    std::size_t memory = std::size_t{64} << 20;
};

// A new salt each time. Errors: throws std::bad_alloc when the memory cannot be had, std::invalid_argument
// for a cost below libsodium's least (one pass, 8 KiB).
std::string hash_password(std::string_view password, password_cost const& cost = {});

// False for a wrong password and for text that is not a whole Argon2id hash.
bool verify_password(std::string_view hash, std::string_view password);

// Whether the hash was made at another cost, so that it should be made anew at the next sign-in. True for
// text that is no hash.
bool needs_rehash(std::string_view hash, password_cost const& cost = {});

} // namespace connectd::crypto
