# stressor_add_plugin(NAME SOURCES file... [LIBRARIES target...])
#
# A plugin as a module `NAME.so`: hidden visibility, only the entry symbol exported, every symbol
# bound when it is loaded, never unloaded.

function(stressor_add_plugin NAME)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
    set(target plugin_${NAME})
    add_library(${target} MODULE ${arg_SOURCES})
    set_target_properties(${target} PROPERTIES
        PREFIX "" OUTPUT_NAME ${NAME} C_VISIBILITY_PRESET hidden
        LIBRARY_OUTPUT_DIRECTORY ${STRESSOR_PLUGIN_OUTPUT_DIRECTORY})
    target_link_libraries(${target} PRIVATE stressor_sdk stressor_flags ${arg_LIBRARIES})
    target_link_options(${target} PRIVATE -Wl,-z,now -Wl,-z,nodelete
                        -Wl,--version-script=${STRESSOR_PLUGIN_VERSION_SCRIPT})
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${STRESSOR_PLUGIN_VERSION_SCRIPT})
    if(NOT STRESSOR_SANITIZE)
        target_link_options(${target} PRIVATE -Wl,-z,defs)
    endif()
    install(TARGETS ${target} LIBRARY DESTINATION ${STRESSOR_PLUGIN_INSTALL_DIR})
endfunction()

set(STRESSOR_PLUGIN_VERSION_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/plugin.map)
