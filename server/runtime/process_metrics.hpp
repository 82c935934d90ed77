#pragma once

// What Prometheus expects every process to tell of itself, read from /proc when asked. Any thread.

#include "server/runtime/metrics.hpp"

namespace connectd::server::runtime {

// Adds process_resident_memory_bytes, process_virtual_memory_bytes, process_cpu_seconds_total,
// process_open_fds, process_max_fds, process_threads and process_start_time_seconds. A figure the system does
// not give reads as 0.
void add_process_metrics(metrics_registry& registry);

} // namespace connectd::server::runtime
