#include "tests/crypto/freed_memory.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>

namespace connectd::crypto::freed_memory {
namespace {

thread_local unsigned char const* watched = nullptr;
thread_local std::size_t watched_size = 0;
thread_local std::optional<bool> wiped;

void look(void const* memory) noexcept {
    if (memory == nullptr || memory != watched)
        return;
    wiped = std::all_of(watched, watched + watched_size, [](unsigned char byte) { return byte == 0; });
    watched = nullptr;
}

[[maybe_unused]] void* allocate(std::size_t size) {
    if (void* const memory = std::malloc(std::max<std::size_t>(size, 1)))
        return memory;
    throw std::bad_alloc();
}

[[maybe_unused]] void release(void* memory) noexcept {
    look(memory);
    std::free(memory);
}

} // namespace

void watch(void const* memory, std::size_t size) {
    watched = static_cast<unsigned char const*>(memory);
    watched_size = size;
    wiped.reset();
}

std::optional<bool> was_wiped() {
    return wiped;
}

} // namespace connectd::crypto::freed_memory

#ifndef CONNECTD_OPERATORS_ARE_TAKEN

void* operator new(std::size_t size) {
    return connectd::crypto::freed_memory::allocate(size);
}
void* operator new[](std::size_t size) {
    return connectd::crypto::freed_memory::allocate(size);
}
void operator delete(void* memory) noexcept {
    connectd::crypto::freed_memory::release(memory);
}
void operator delete[](void* memory) noexcept {
    connectd::crypto::freed_memory::release(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    connectd::crypto::freed_memory::release(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    connectd::crypto::freed_memory::release(memory);
}

#endif
