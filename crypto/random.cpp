#include "crypto/random.hpp"

#include "crypto/encoding.hpp"
#include "crypto/sodium_ready.hpp"

#include <sodium.h>

#include <array>
#include <atomic>
#include <cstring>

#include <pthread.h>

namespace connectd::crypto {
namespace {

constexpr std::size_t block_size = 512;
constexpr std::size_t largest_small_request = 64;

// Counts the forks between the first process and this one. Blocks drawn under another count are not ours
// alone.
std::atomic<std::uint64_t> forks{0};

std::uint64_t current_fork() {
    static bool const registered = [] {
        sodium_ready();
        pthread_atfork(nullptr, nullptr, [] { forks.fetch_add(1, std::memory_order_relaxed); });
        return true;
    }();
    static_cast<void>(registered);
    return forks.load(std::memory_order_relaxed);
}

class random_block {
  public:
    ~random_block() { wipe(block_.data(), block_.size()); }

    // Requires: out.size() <= block_size.
    void take(std::span<std::uint8_t> out) {
        auto const fork = current_fork();
        if (left_ < out.size() || fork_ != fork) {
            randombytes_buf(block_.data(), block_.size());
            left_ = block_.size();
            fork_ = fork;
        }
        left_ -= out.size();
        std::memcpy(out.data(), block_.data() + left_, out.size());
        wipe(block_.data() + left_, out.size());
    }

  private:
    std::array<std::uint8_t, block_size> block_;
    std::size_t left_ = 0;
    std::uint64_t fork_ = 0;
};

} // namespace

void random_fill(std::span<std::uint8_t> out) {
    if (out.empty())
        return;
    if (out.size() > largest_small_request) {
        sodium_ready();
        randombytes_buf(out.data(), out.size());
        return;
    }
    thread_local random_block block;
    block.take(out);
}

std::string random_token(std::size_t byte_count) {
    bytes data(byte_count);
    random_fill(data);
    return encode_base64url(data);
}

secret random_secret_token(std::size_t byte_count) {
    auto data = secret::of_size(byte_count);
    random_fill(data.writable());
    return encode_base64url_secret(data.reveal_bytes());
}

} // namespace connectd::crypto
