#include "crypto/secret.hpp"

#include <openssl/crypto.h>

#include <cstring>
#include <utility>

namespace connectd::crypto {

void wipe(void* memory, std::size_t size) noexcept {
    if (size != 0)
        OPENSSL_cleanse(memory, size);
}

secret::secret(std::size_t size) : buffer_(size == 0 ? nullptr : new char[size]()), size_(size) {}

secret::secret(secret&& other) noexcept
    : buffer_(std::move(other.buffer_)), size_(std::exchange(other.size_, 0)) {}

secret& secret::operator=(secret&& other) noexcept {
    if (this != &other) {
        clear();
        buffer_ = std::move(other.buffer_);
        size_ = std::exchange(other.size_, 0);
    }
    return *this;
}

secret::~secret() {
    clear();
}

secret secret::of_size(std::size_t size) {
    return secret(size);
}

secret secret::copy_of(std::string_view text) {
    secret made(text.size());
    if (!text.empty())
        std::memcpy(made.buffer_.get(), text.data(), text.size());
    return made;
}

secret secret::take(std::string&& text) {
    secret made = copy_of(text);
    // A string that was longer once still holds the old bytes beyond its size; growing to the capacity
    // reaches them without a new allocation.
    text.resize(text.capacity());
    wipe(text.data(), text.size());
    text.clear();
    return made;
}

secret secret::take(bytes&& data) {
    secret made = copy_of(data);
    data.resize(data.capacity());
    wipe(data.data(), data.size());
    data.clear();
    return made;
}

std::span<std::uint8_t> secret::writable() noexcept {
    return {reinterpret_cast<std::uint8_t*>(buffer_.get()), size_};
}

void secret::clear() noexcept {
    wipe(buffer_.get(), size_);
    buffer_.reset();
    size_ = 0;
}

} // namespace connectd::crypto
