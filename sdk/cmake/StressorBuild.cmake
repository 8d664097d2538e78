# How everything of ours is compiled: language, warnings, sanitizers, where results lie.

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release)
endif()

# The build tree has the shape of the installed one, so that plugins and helper programs are found
# in the same way, relative to the program and the library.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
set(STRESSOR_PLUGIN_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib/stressor/plugins)
set(STRESSOR_LIBEXEC_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/libexec/stressor)
set(STRESSOR_PLUGIN_INSTALL_DIR ${CMAKE_INSTALL_LIBDIR}/stressor/plugins)
set(STRESSOR_LIBEXEC_INSTALL_DIR libexec/stressor)

set(STRESSOR_SANITIZE "" CACHE STRING "Sanitizers, such as address,undefined")
option(STRESSOR_COVERAGE "Count the lines and branches that run (gcc)" OFF)
option(STRESSOR_FUZZ "Build the fuzz targets with libFuzzer (clang)" OFF)
option(STRESSOR_WERROR "Treat warnings as errors" ON)

add_library(stressor_flags INTERFACE)
set(STRESSOR_PLUGIN_FLAGS stressor_flags)
target_compile_definitions(stressor_flags INTERFACE _GNU_SOURCE)
target_compile_options(stressor_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wvla
                       $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes>
                       $<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes>
                       $<$<BOOL:${STRESSOR_WERROR}>:-Werror>)
if(STRESSOR_SANITIZE)
    target_compile_options(stressor_flags INTERFACE -fsanitize=${STRESSOR_SANITIZE}
                           -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(stressor_flags INTERFACE -fsanitize=${STRESSOR_SANITIZE})
endif()
if(STRESSOR_COVERAGE)
    # Several threads count at once. The counts of a process are added to its files when it ends.
    target_compile_options(stressor_flags INTERFACE --coverage -fprofile-update=atomic -O0)
    target_link_options(stressor_flags INTERFACE --coverage)
endif()
if(STRESSOR_FUZZ)
    target_compile_options(stressor_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

find_package(PkgConfig REQUIRED)
# The imported target PkgConfig::NAME for a pkg-config module.
function(stressor_need NAME MODULE)
    pkg_check_modules(${NAME} REQUIRED IMPORTED_TARGET GLOBAL ${MODULE})
endfunction()

# What has no component of its own is for those who run scenarios; libstressor-dev is for authors.
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME stressor)
