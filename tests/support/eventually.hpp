// For what another thread does in its own time: a test waits for the outcome, never for a span of time.
#pragma once

#include <chrono>
#include <thread>

namespace connectd::tests {

// Lets other threads go on until `done` holds. False when it did not within a minute.
template <class Condition>
bool eventually(Condition done) {
    auto const patience = std::chrono::steady_clock::now() + std::chrono::minutes{1};
    while (!done()) {
        if (std::chrono::steady_clock::now() > patience) {
            return false;
        }
        std::this_thread::yield();
    }
    return true;
}

} // namespace connectd::tests
