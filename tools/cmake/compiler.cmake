# Which compiler, which flags, for every target of the project.

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    message(FATAL_ERROR
        "GCC ${CMAKE_CXX_COMPILER_VERSION} miscompiles everyday co_await expressions into use-after-free, and this server "
        "keeps secrets: use clang 19 (run tools/bootstrap, then cmake --preset release) or GCC 13 and later.")
endif()

set(CONNECTD_SANITIZE "" CACHE STRING "Sanitizers to build with: address,undefined or thread")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

# One code model for libraries and programs, so that both read the same precompiled header; there are no shared libraries.
add_compile_options(-fPIE)
add_link_options(-pie)

# -g1 keeps line tables for stack traces at a fraction of the size and link time of -g.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g")
# Sanitizers without optimisation: instrumented code takes three times as long to optimise as to run in our tests.
set(CMAKE_CXX_FLAGS_SANITIZE "-O0 -g1 -fno-omit-frame-pointer")
set(CMAKE_C_FLAGS_SANITIZE "${CMAKE_CXX_FLAGS_SANITIZE}")

if(NOT CMAKE_CXX_COMPILER_LAUNCHER)
    find_program(CONNECTD_CCACHE ccache)
    if(CONNECTD_CCACHE)
        # The sloppiness lets ccache serve units that use the precompiled header; it is safe because the header's own
        # contents are hashed.
        set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
            CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CONNECTD_CCACHE})
    endif()
endif()

add_library(connectd_options INTERFACE)
target_include_directories(connectd_options INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_options(connectd_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
    -Wcast-align -Wnull-dereference -Wimplicit-fallthrough -Werror)
target_compile_definitions(connectd_options INTERFACE
    BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED BOOST_BEAST_SEPARATE_COMPILATION)

if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    # ccache cannot reuse a precompiled header that carries the time of its build.
    target_compile_options(connectd_options INTERFACE "SHELL:-Xclang -fno-pch-timestamp")
endif()

find_program(CONNECTD_MOLD mold)
if(CONNECTD_MOLD)
    add_link_options(-fuse-ld=mold)
endif()

if(CONNECTD_SANITIZE)
    add_compile_options(-fsanitize=${CONNECTD_SANITIZE} -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${CONNECTD_SANITIZE})
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
    add_compile_options(-ffunction-sections -fdata-sections -fstack-protector-strong -D_FORTIFY_SOURCE=2)
    add_link_options(-Wl,--gc-sections -Wl,-z,relro -Wl,-z,now -static-libstdc++ -static-libgcc)
endif()
