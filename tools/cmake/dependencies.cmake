# What the project builds on; all of it Debian 12 packages, installed by tools/bootstrap.
#
# The release binary carries everything but libc and OpenSSL. OpenSSL stays a shared library so that the system's security
# updates reach a running installation without a new build of connectd. Sanitizer builds link RocksDB dynamically, so that
# its own internals can be told apart in reports.

if(NOT CONNECTD_SANITIZE)
    set(Boost_USE_STATIC_LIBS ON)
endif()
find_package(Boost 1.81 CONFIG REQUIRED COMPONENTS json url unit_test_framework container)
find_package(OpenSSL 3.0 REQUIRED)
find_package(spdlog REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(Threads REQUIRED)

# Finds one library by its file name, so that a static archive is never replaced by a shared object behind our back.
function(connectd_find_library variable)
    find_library(${variable} NAMES ${ARGN} REQUIRED)
    mark_as_advanced(${variable})
endfunction()

add_library(connectd_rocksdb_dependency INTERFACE)
add_library(connectd_sodium_dependency INTERFACE)
# Names of servers in every script (IDNA 2008 with the mapping of UTS 46): 330 KiB in the binary. LGPL, so whoever hands on
# the binary offers its sources too.
add_library(connectd_idn_dependency INTERFACE)
if(CONNECTD_SANITIZE)
    connectd_find_library(CONNECTD_ROCKSDB librocksdb.so)
    connectd_find_library(CONNECTD_SODIUM libsodium.so)
    connectd_find_library(CONNECTD_IDN libidn2.so)
    target_link_libraries(connectd_rocksdb_dependency INTERFACE ${CONNECTD_ROCKSDB})
else()
    connectd_find_library(CONNECTD_ROCKSDB librocksdb.a)
    connectd_find_library(CONNECTD_SODIUM libsodium.a)
    connectd_find_library(CONNECTD_IDN libidn2.a)
    connectd_find_library(CONNECTD_UNISTRING libunistring.a)
    foreach(name snappy lz4 zstd z bz2 gflags)
        connectd_find_library(CONNECTD_${name} lib${name}.a)
        list(APPEND rocksdb_archives ${CONNECTD_${name}})
    endforeach()
    target_link_libraries(connectd_rocksdb_dependency INTERFACE
        ${CONNECTD_ROCKSDB} ${rocksdb_archives} Threads::Threads ${CMAKE_DL_LIBS})
endif()
target_link_libraries(connectd_sodium_dependency INTERFACE ${CONNECTD_SODIUM})
target_link_libraries(connectd_idn_dependency INTERFACE ${CONNECTD_IDN} ${CONNECTD_UNISTRING})
