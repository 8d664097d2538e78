# stressor_add_plugin(NAME SOURCES file... [LIBRARIES target...] [LANGUAGES language...])
#
# Builds the plugin NAME.so from C or C++: target plugin_NAME, a module that exports its entry and
# nothing else, binds every symbol when it is loaded, and is never unloaded. Links LIBRARIES. Enable
# the languages of the sources in project(); LANGUAGES tells them where names of files do not, such
# as CXX where a static library of LIBRARIES is C++.
#
# `cmake --install` puts NAME.so, and the manifest that lets it be loaded only when it is used, into
# STRESSOR_PLUGIN_INSTALL_DIR below the prefix: lib/stressor/plugins. A build with sanitizers, or for
# another machine, writes no manifest: without one a plugin works as well.
#
# Whoever includes this file says by variables what differs between a build of stressor and that of a
# plugin by itself:
#
#     STRESSOR_PLUGIN_INSTALL_DIR        as above; else lib/stressor/plugins
#     STRESSOR_PLUGIN_OUTPUT_DIRECTORY   where NAME.so is built; else the current binary folder
#     STRESSOR_PLUGIN_FLAGS              targets whose flags every plugin takes
#     STRESSOR_SANITIZE                  sanitizers, where CMAKE_C_FLAGS and the like do not tell

cmake_policy(VERSION 3.19...3.25)
include(CheckSourceCompiles)

# stressor_plugin_sources(NAME file...): stops where one is not there, or its language not enabled.
function(stressor_plugin_sources NAME)
    get_property(enabled GLOBAL PROPERTY ENABLED_LANGUAGES)
    foreach(source ${ARGN})
        if(source MATCHES "\\.(cc|cpp|cxx|c\\+\\+|C)$" AND NOT CXX IN_LIST enabled)
            message(FATAL_ERROR "stressor_add_plugin(${NAME}): ${source} is C++, which this project "
                    "does not enable: write project(... LANGUAGES C CXX)")
        elseif(source MATCHES "\\.c$" AND NOT C IN_LIST enabled)
            message(FATAL_ERROR "stressor_add_plugin(${NAME}): ${source} is C, which this project "
                    "does not enable: write project(... LANGUAGES C)")
        endif()
        get_filename_component(path "${source}" ABSOLUTE)
        get_source_file_property(generated "${path}" GENERATED)
        string(FIND "${path}" "${CMAKE_BINARY_DIR}/" in_build)
        if(NOT source MATCHES "\\$<" AND NOT generated AND NOT in_build EQUAL 0 AND NOT EXISTS "${path}")
            message(FATAL_ERROR "stressor_add_plugin(${NAME}): there is no source ${path}")
        endif()
    endforeach()
endfunction()

# Once for each build: does the linker know version scripts?
function(stressor_plugin_linker SCRIPT)
    get_property(enabled GLOBAL PROPERTY ENABLED_LANGUAGES)
    set(language C)
    if(NOT C IN_LIST enabled)
        set(language CXX)
    endif()
    set(CMAKE_REQUIRED_LINK_OPTIONS "LINKER:--version-script=${SCRIPT}")
    set(CMAKE_REQUIRED_QUIET ON)
    check_source_compiles(${language} "
        #ifdef __cplusplus
        extern \"C\"
        #endif
        int stressor_plugin_v1(void);
        int stressor_plugin_v1(void) { return 0; }
        int main(void) { return stressor_plugin_v1(); }" STRESSOR_LINKER_TAKES_VERSION_SCRIPTS)
    if(NOT STRESSOR_LINKER_TAKES_VERSION_SCRIPTS)
        unset(STRESSOR_LINKER_TAKES_VERSION_SCRIPTS CACHE)
        message(FATAL_ERROR "The linker of ${CMAKE_${language}_COMPILER} takes no version script "
                "(--version-script), without which a plugin would export more than its entry. GNU ld, "
                "gold, lld and mold do; -fuse-ld=NAME chooses one.")
    endif()
endfunction()

# OUT: does this folder build with sanitizers?
function(stressor_plugin_sanitized OUT)
    string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
    get_directory_property(options COMPILE_OPTIONS)
    set(flags ${options})
    foreach(variable C_FLAGS CXX_FLAGS MODULE_LINKER_FLAGS)
        list(APPEND flags "${CMAKE_${variable}}" "${CMAKE_${variable}_${type}}")
    endforeach()
    set(sanitized OFF)
    if(STRESSOR_SANITIZE OR flags MATCHES "-fsanitize=")
        set(sanitized ON)
    endif()
    set(${OUT} ${sanitized} PARENT_SCOPE)
endfunction()

# The manifest beside the plugin, which the program writes once the plugin is linked.
function(stressor_plugin_manifest TARGET NAME FOLDER)
    set(manifest $<TARGET_FILE_DIR:${TARGET}>/${NAME}.manifest)
    add_custom_command(TARGET ${TARGET} POST_BUILD VERBATIM
        COMMAND Stressor::program plugin manifest $<TARGET_FILE:${TARGET}>)
    set_property(TARGET ${TARGET} APPEND PROPERTY ADDITIONAL_CLEAN_FILES ${manifest})
    install(FILES ${manifest} DESTINATION ${FOLDER})
endfunction()

function(stressor_add_plugin NAME)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES;LANGUAGES")
    set(usage "stressor_add_plugin(NAME SOURCES file... [LIBRARIES target...] [LANGUAGES language...])")
    string(LENGTH "${NAME}" length)
    if(NOT NAME MATCHES "^[A-Za-z0-9_-]+$" OR length GREATER 100)
        message(FATAL_ERROR "stressor_add_plugin: '${NAME}' is no name of a plugin: letters, digits, "
                "'-' and '_', at most 100")
    elseif(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "stressor_add_plugin(${NAME}): '${arg_UNPARSED_ARGUMENTS}' belongs to no "
                "keyword: ${usage}")
    elseif(NOT arg_SOURCES)
        message(FATAL_ERROR "stressor_add_plugin(${NAME}): no SOURCES: ${usage}")
    endif()
    get_property(enabled GLOBAL PROPERTY ENABLED_LANGUAGES)
    foreach(language ${arg_LANGUAGES})
        if(NOT language IN_LIST enabled)
            message(FATAL_ERROR "stressor_add_plugin(${NAME}): LANGUAGES names ${language}, which this "
                    "project does not enable: write project(... LANGUAGES ${arg_LANGUAGES})")
        endif()
    endforeach()
    stressor_plugin_sources(${NAME} ${arg_SOURCES})
    set(script ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map)
    stressor_plugin_linker(${script})
    set(folder ${STRESSOR_PLUGIN_INSTALL_DIR})
    if(NOT folder)
        set(folder lib/stressor/plugins)
    endif()

    set(target plugin_${NAME})
    add_library(${target} MODULE ${arg_SOURCES})
    set_target_properties(${target} PROPERTIES
        PREFIX "" SUFFIX .so DEBUG_POSTFIX "" OUTPUT_NAME ${NAME} POSITION_INDEPENDENT_CODE ON
        C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
    if(STRESSOR_PLUGIN_OUTPUT_DIRECTORY)
        set_target_properties(${target} PROPERTIES
            LIBRARY_OUTPUT_DIRECTORY ${STRESSOR_PLUGIN_OUTPUT_DIRECTORY})
    endif()
    if(C IN_LIST enabled)
        target_compile_features(${target} PRIVATE c_std_11)
    endif()
    if(CXX IN_LIST enabled)
        target_compile_features(${target} PRIVATE cxx_std_17)
    endif()
    if(CXX IN_LIST arg_LANGUAGES)
        set_target_properties(${target} PROPERTIES LINKER_LANGUAGE CXX)
    endif()
    target_link_libraries(${target} PRIVATE Stressor::sdk ${STRESSOR_PLUGIN_FLAGS} ${arg_LIBRARIES})
    target_link_options(${target} PRIVATE LINKER:-z,now LINKER:-z,nodelete LINKER:--build-id=sha1
                        LINKER:--version-script=${script})
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${script})
    install(TARGETS ${target} LIBRARY DESTINATION ${folder})

    # clang leaves the sanitizers' symbols to the program.
    stressor_plugin_sanitized(sanitized)
    if(NOT sanitized)
        target_link_options(${target} PRIVATE LINKER:-z,defs)
        if(NOT CMAKE_CROSSCOMPILING)
            stressor_plugin_manifest(${target} ${NAME} ${folder})
        endif()
    endif()
endfunction()
