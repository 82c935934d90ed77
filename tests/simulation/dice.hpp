// Chance that a seed decides: what the simulation throws, and what the program under it draws for ids, nonces
// and jitter. One thread.
#pragma once

#include <chrono>
#include <cstdint>

namespace connectd::simulation {

using std::chrono::milliseconds;

class dice {
  public:
    explicit dice(std::uint64_t seed) noexcept : state_{seed} {}

    std::uint64_t roll() noexcept;
    // Requires: sides > 0.
    std::uint64_t below(std::uint64_t sides) noexcept { return roll() % sides; }
    // Never, for zero.
    bool one_in(std::uint64_t sides) noexcept { return sides != 0 && below(sides) == 0; }
    milliseconds between(milliseconds least, milliseconds most) noexcept {
        return least + milliseconds{static_cast<milliseconds::rep>(
                           below(static_cast<std::uint64_t>((most - least).count()) + 1))};
    }

  private:
    std::uint64_t state_;
};

// From here on libsodium draws from the seed, and so do ids, nonces and jitter on threads that begin
// afterwards: older ones may have bytes left. For the whole program, and for good.
void seed_crypto(std::uint64_t seed);

} // namespace connectd::simulation
