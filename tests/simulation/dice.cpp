#include "tests/simulation/dice.hpp"

#include "crypto/sodium_ready.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstring>

namespace connectd::simulation {
namespace {

dice crypto_dice{0};

std::uint32_t draw() {
    return static_cast<std::uint32_t>(crypto_dice.roll());
}

void fill(void* const into, std::size_t const size) {
    auto* at = static_cast<unsigned char*>(into);
    for (std::size_t done = 0; done < size; done += sizeof(std::uint64_t)) {
        auto const bytes = crypto_dice.roll();
        std::memcpy(at + done, &bytes, std::min(size - done, sizeof bytes));
    }
}

randombytes_implementation seeded{
    .implementation_name = [] { return "seeded"; },
    .random = draw,
    .stir = nullptr,
    .uniform = nullptr,
    .buf = fill,
    .close = nullptr,
};

} // namespace

// SplitMix64 (Steele, Lea, Flood 2014).
std::uint64_t dice::roll() noexcept {
    state_ += 0x9e3779b97f4a7c15U;
    auto mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
    return mixed ^ (mixed >> 31);
}

void seed_crypto(std::uint64_t seed) {
    randombytes_set_implementation(&seeded);
    crypto::sodium_ready(); // draws something, the first time
    crypto_dice = dice{seed};
}

} // namespace connectd::simulation
