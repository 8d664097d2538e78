/*
 * layout -- what the boundary looks like in memory: where the members of each public struct lie,
 * and the numbers of the enums.
 *
 * Once the version is frozen nothing here may change: structs grow at their end, enums by new
 * numbers, and each new member gets a line. While the draft lasts (STRESSOR_ABI_DRAFT) a line that
 * fails says that plugins must be built anew: raise the draft's number with it. The structs and
 * enums of results are in layout_results.h.
 */
#ifndef TESTS_ABI_LAYOUT_H
#define TESTS_ABI_LAYOUT_H

#include <stressor/call.h>
#include <stressor/log.h>
#include <stressor/loop.h>
#include <stressor/plugin.h>
#include <stressor/text.h>

/* For 64-bit machines, the only ones there are packages for. */
#define AT(TYPE, MEMBER, OFFSET)                                                                   \
    _Static_assert(sizeof(void *) != 8 || offsetof(TYPE, MEMBER) == (OFFSET),                      \
                   #TYPE "." #MEMBER " has moved")
#define IS(NAME, NUMBER) _Static_assert((NAME) == (NUMBER), #NAME " has another number")

_Static_assert(sizeof(stressor_value) == 24, "stressor_value is frozen");
IS(STRESSOR_ABI_MAJOR, 1);
IS(STRESSOR_SECRET, 1);

AT(stressor_value, type, 0);
AT(stressor_value, flags, 4);
AT(stressor_value, as, 8);

AT(stressor_arg, size, 0);
AT(stressor_arg, types, 4);
AT(stressor_arg, items, 8);
AT(stressor_arg, keys, 12);
AT(stressor_arg, flags, 16);
AT(stressor_arg, reserved, 20);
AT(stressor_arg, name, 24);
AT(stressor_arg, help, 32);
AT(stressor_arg, fallback, 40);
AT(stressor_arg, choices, 48);
AT(stressor_arg, min, 56);
AT(stressor_arg, max, 64);
AT(stressor_arg, pattern, 72);
AT(stressor_arg, pattern_help, 80);
AT(stressor_arg, secret_keys, 88);

AT(stressor_arg_group, size, 0);
AT(stressor_arg_group, kind, 4);
AT(stressor_arg_group, names, 8);

AT(stressor_setting, size, 0);
AT(stressor_setting, reserved, 4);
AT(stressor_setting, section, 8);
AT(stressor_setting, arg, 16);

AT(stressor_failure, category, 0);
AT(stressor_failure, flags, 4);
AT(stressor_failure, kind, 8);
AT(stressor_failure, text, 16);
AT(stressor_failure, length, 24);

AT(stressor_result, size, 0);
AT(stressor_result, flags, 4);
AT(stressor_result, text, 8);
AT(stressor_result, text_length, 16);
AT(stressor_result, value, 24);
AT(stressor_result, info, 48);
AT(stressor_result, failure, 72);

AT(stressor_prepare, size, 0);
AT(stressor_prepare, flags, 4);
AT(stressor_prepare, wants, 8);
AT(stressor_prepare, args_count, 12);
AT(stressor_prepare, host, 16);
AT(stressor_prepare, plan, 24);
AT(stressor_prepare, plugin, 32);
AT(stressor_prepare, args, 40);
AT(stressor_prepare, states, 48);
AT(stressor_prepare, place, 56);
AT(stressor_prepare, type, 64);

AT(stressor_exec, size, 0);
AT(stressor_exec, flags, 4);
AT(stressor_exec, wants, 8);
AT(stressor_exec, args_count, 12);
AT(stressor_exec, host, 16);
AT(stressor_exec, run, 24);
AT(stressor_exec, worker, 32);
AT(stressor_exec, session, 40);
AT(stressor_exec, args, 48);
AT(stressor_exec, plugin, 56);
AT(stressor_exec, run_data, 64);
AT(stressor_exec, worker_data, 72);
AT(stressor_exec, session_data, 80);
AT(stressor_exec, place, 88);
AT(stressor_exec, data, 96);
AT(stressor_exec, plan, 104);

AT(stressor_activity_type, size, 0);
AT(stressor_activity_type, flags, 4);
AT(stressor_activity_type, name, 8);
AT(stressor_activity_type, help, 16);
AT(stressor_activity_type, args, 24);
AT(stressor_activity_type, groups, 32);
AT(stressor_activity_type, args_count, 40);
AT(stressor_activity_type, groups_count, 44);
AT(stressor_activity_type, descriptors_per_session, 48);
AT(stressor_activity_type, reserved, 52);
AT(stressor_activity_type, prepare, 56);
AT(stressor_activity_type, release, 64);
AT(stressor_activity_type, start, 72);
AT(stressor_activity_type, cancel, 80);

AT(stressor_macro, size, 0);
AT(stressor_macro, kind, 4);
AT(stressor_macro, name, 8);
AT(stressor_macro, help, 16);
AT(stressor_macro, args, 24);
AT(stressor_macro, args_required, 32);
AT(stressor_macro, reserved, 36);
AT(stressor_macro, activity, 40);
AT(stressor_macro, expand, 48);

AT(stressor_script_engine, size, 0);
AT(stressor_script_engine, flags, 4);
AT(stressor_script_engine, activity, 8);
AT(stressor_script_engine, language, 16);
AT(stressor_script_engine, extension, 24);
AT(stressor_script_engine, help, 32);
AT(stressor_script_engine, prepare, 40);
AT(stressor_script_engine, release, 48);
AT(stressor_script_engine, start, 56);
AT(stressor_script_engine, cancel, 64);

AT(stressor_session_info, size, 0);
AT(stressor_session_info, dry_run, 4);
AT(stressor_session_info, number, 8);
AT(stressor_session_info, id, 16);
AT(stressor_session_info, id_length, 24);

AT(stressor_host, size, 0);
AT(stressor_host, abi_minor, 4);
AT(stressor_host, version, 8);
AT(stressor_host, extension, 16);
AT(stressor_host, log, 24);
AT(stressor_host, log_enabled, 32);
AT(stressor_host, list_at, 40);
AT(stressor_host, map_at, 48);
AT(stressor_host, map_get, 56);
AT(stressor_host, build, 64);
AT(stressor_host, build_list, 72);
AT(stressor_host, build_map, 80);
AT(stressor_host, build_key, 88);
AT(stressor_host, build_value, 96);
AT(stressor_host, build_end, 104);
AT(stressor_host, build_finish, 112);
AT(stressor_host, value_text, 120);
AT(stressor_host, scratch, 128);
AT(stressor_host, complete, 136);
AT(stressor_host, check, 144);
AT(stressor_host, problem, 152);
AT(stressor_host, variable_slot, 160);
AT(stressor_host, variable_get, 168);
AT(stressor_host, variable_get_as, 176);
AT(stressor_host, variable_set, 184);
AT(stressor_host, variable_find, 192);
AT(stressor_host, variable_store, 200);
AT(stressor_host, variables, 208);
AT(stressor_host, setting, 216);
AT(stressor_host, session_info, 224);
AT(stressor_host, random, 232);
AT(stressor_host, metric, 240);
AT(stressor_host, metric_record, 248);
AT(stressor_host, open_beneath, 256);
AT(stressor_host, open_folder, 264);

AT(stressor_plugin, size, 0);
AT(stressor_plugin, abi_minor, 4);
AT(stressor_plugin, abi_draft, 8);
AT(stressor_plugin, reserved, 12);
AT(stressor_plugin, name, 16);
AT(stressor_plugin, version, 24);
AT(stressor_plugin, help, 32);
AT(stressor_plugin, author, 40);
AT(stressor_plugin, license, 48);
AT(stressor_plugin, activities, 56);
AT(stressor_plugin, macros, 64);
AT(stressor_plugin, settings, 72);
AT(stressor_plugin, reporters, 80);
AT(stressor_plugin, engines, 88);
AT(stressor_plugin, activities_count, 96);
AT(stressor_plugin, macros_count, 100);
AT(stressor_plugin, settings_count, 104);
AT(stressor_plugin, reporters_count, 108);
AT(stressor_plugin, engines_count, 112);
AT(stressor_plugin, reserved2, 116);
AT(stressor_plugin, init, 120);
AT(stressor_plugin, fini, 128);
AT(stressor_plugin, run_open, 136);
AT(stressor_plugin, run_close, 144);
AT(stressor_plugin, worker_open, 152);
AT(stressor_plugin, worker_close, 160);
AT(stressor_plugin, session_open, 168);
AT(stressor_plugin, session_close, 176);

AT(stressor_activity_api, size, 0);
AT(stressor_activity_api, reserved, 4);
AT(stressor_activity_api, types_count, 8);
AT(stressor_activity_api, type_name, 16);
AT(stressor_activity_api, will_call, 24);
AT(stressor_activity_api, call, 32);
AT(stressor_activity_api, call_wait, 40);

AT(stressor_loop_api, size, 0);
AT(stressor_loop_api, reserved, 4);
AT(stressor_loop_api, now, 8);
AT(stressor_loop_api, timer_new, 16);
AT(stressor_loop_api, timer_start, 24);
AT(stressor_loop_api, timer_stop, 32);
AT(stressor_loop_api, timer_free, 40);
AT(stressor_loop_api, watch_new, 48);
AT(stressor_loop_api, watch_set, 56);
AT(stressor_loop_api, watch_free, 64);
AT(stressor_loop_api, post, 72);

AT(stressor_json_api, size, 0);
AT(stressor_json_api, reserved, 4);
AT(stressor_json_api, parse, 8);
AT(stressor_json_api, write, 16);

AT(stressor_path_api, size, 0);
AT(stressor_path_api, reserved, 4);
AT(stressor_path_api, compile, 8);
AT(stressor_path_api, free, 16);
AT(stressor_path_api, get, 24);

AT(stressor_regex_api, size, 0);
AT(stressor_regex_api, reserved, 4);
AT(stressor_regex_api, compile, 8);
AT(stressor_regex_api, free, 16);
AT(stressor_regex_api, match, 24);

IS(STRESSOR_NULL, 0);
IS(STRESSOR_BOOL, 1);
IS(STRESSOR_INT, 2);
IS(STRESSOR_DOUBLE, 3);
IS(STRESSOR_STRING, 4);
IS(STRESSOR_LIST, 5);
IS(STRESSOR_MAP, 6);

IS(STRESSOR_ARG_BOOL, 0x1);
IS(STRESSOR_ARG_INT, 0x2);
IS(STRESSOR_ARG_FLOAT, 0x4);
IS(STRESSOR_ARG_STRING, 0x8);
IS(STRESSOR_ARG_LIST, 0x10);
IS(STRESSOR_ARG_MAP, 0x20);
IS(STRESSOR_ARG_NULL, 0x40);
IS(STRESSOR_ARG_REGEX, 0x100);
IS(STRESSOR_ARG_DURATION, 0x200);
IS(STRESSOR_ARG_PATH, 0x400);
IS(STRESSOR_ARG_XPATH, 0x800);
IS(STRESSOR_ARG_ANY, 0x3f);

IS(STRESSOR_ARG_REQUIRED, 0x1);
IS(STRESSOR_ARG_STATIC, 0x2);
IS(STRESSOR_ARG_RAW, 0x4);
IS(STRESSOR_ARG_SECRET, 0x8);

IS(STRESSOR_GROUP_AT_MOST_ONE, 1);
IS(STRESSOR_GROUP_EXACTLY_ONE, 2);

IS(STRESSOR_DONE, 0);
IS(STRESSOR_FAILED, 1);
IS(STRESSOR_PENDING, 2);

IS(STRESSOR_NO_FAILURE, 0);
IS(STRESSOR_TARGET, 1);
IS(STRESSOR_ASSERTION, 2);
IS(STRESSOR_TIMEOUT, 3);
IS(STRESSOR_GENERATOR, 4);
IS(STRESSOR_SCRIPT, 5);
IS(STRESSOR_CANCELLED, 6);
IS(STRESSOR_INTERNAL, 7);

IS(STRESSOR_WANT_TEXT, 0x1);
IS(STRESSOR_WANT_VALUE, 0x2);
IS(STRESSOR_WANT_INFO, 0x4);
IS(STRESSOR_WANT_DEBUG, 0x8);

IS(STRESSOR_RESULT_TEXT_IS_VALUE, 0x1);
IS(STRESSOR_RESULT_TEXT_IS_SECRET, 0x2);

IS(STRESSOR_PREPARE_DYNAMIC, 0x1);

IS(STRESSOR_ARG_ABSENT, 0);
IS(STRESSOR_ARG_CONSTANT, 1);
IS(STRESSOR_ARG_TEMPLATE, 2);

IS(STRESSOR_EXEC_DRY_RUN, 0x1);
IS(STRESSOR_EXEC_DEBUG, 0x2);
IS(STRESSOR_EXEC_CALLED, 0x4);

IS(STRESSOR_ACTIVITY_BLOCKING, 0x1);
IS(STRESSOR_ACTIVITY_IGNORE_TIMING, 0x2);
IS(STRESSOR_ACTIVITY_DRY_RUN, 0x4);

IS(STRESSOR_MACRO_ACTIVITY, 1);
IS(STRESSOR_MACRO_RUN_TIME, 2);
IS(STRESSOR_MACRO_LOAD_TIME, 3);

IS(STRESSOR_LOG_CRITICAL, 0);
IS(STRESSOR_LOG_ERROR, 1);
IS(STRESSOR_LOG_WARNING, 2);
IS(STRESSOR_LOG_INFO, 3);
IS(STRESSOR_LOG_DEBUG, 4);
IS(STRESSOR_LOG_TRACE, 5);

IS(STRESSOR_OK, 0);
IS(STRESSOR_ENOMEM, -1);
IS(STRESSOR_EINVAL, -2);
IS(STRESSOR_ENOENT, -3);
IS(STRESSOR_ELIMIT, -4);
IS(STRESSOR_ESYSTEM, -5);
IS(STRESSOR_ESYNTAX, -6);

IS(STRESSOR_METRIC_COUNTER, 1);
IS(STRESSOR_METRIC_GAUGE, 2);
IS(STRESSOR_METRIC_HISTOGRAM, 3);

IS(STRESSOR_READABLE, 0x1);
IS(STRESSOR_WRITABLE, 0x2);
IS(STRESSOR_HANGUP, 0x4);

IS(STRESSOR_REGEX_MULTILINE, 0x1);
IS(STRESSOR_REGEX_AT_START, 0x2);

#endif
