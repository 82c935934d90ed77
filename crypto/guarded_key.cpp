#include "crypto/guarded_key.hpp"

#include "crypto/encoding.hpp"
#include "crypto/sodium_ready.hpp"

#include <sodium.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <new>
#include <system_error>

namespace connectd::crypto {
namespace {

// Starts at 1, so that 0 can stand for "no key" elsewhere.
std::uint64_t next_serial() noexcept {
    static std::atomic<std::uint64_t> last{0};
    return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

} // namespace

void guarded_key::release::operator()(std::uint8_t* memory) const noexcept {
    sodium_free(memory);
}

guarded_key::guarded_key() : serial_(next_serial()) {
    sodium_ready();
    memory_.reset(static_cast<std::uint8_t*>(sodium_malloc(size)));
    if (!memory_)
        throw std::bad_alloc();
}

void guarded_key::make_read_only() {
    if (sodium_mprotect_readonly(memory_.get()) != 0)
        throw std::system_error(errno, std::generic_category(), "a key could not be made read-only");
}

guarded_key guarded_key::random() {
    return made_by([](writable_bytes out) { randombytes_buf(out.data(), out.size()); });
}

result<guarded_key> guarded_key::copy_of(bytes_view key) {
    if (key.size() != size)
        return errc::malformed_key;
    return made_by([key](writable_bytes out) { std::ranges::copy(key, out.begin()); });
}

result<guarded_key> guarded_key::from_hex(std::string_view digits) {
    auto const key = decode_hex_secret(digits);
    if (!key)
        return errc::malformed_key;
    return copy_of(key->reveal_bytes());
}

secret guarded_key::to_hex() const {
    return encode_hex_secret(reveal());
}

} // namespace connectd::crypto
