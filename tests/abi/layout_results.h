/*
 * layout_results -- the part of the boundary that results cross: snapshot.h, reporter.h,
 * stressor.h; see layout.h.
 */
#ifndef TESTS_ABI_LAYOUT_RESULTS_H
#define TESTS_ABI_LAYOUT_RESULTS_H

#include <stressor/stressor.h>

#include "layout.h"

AT(stressor_row, size, 0);
AT(stressor_row, flags, 4);
AT(stressor_row, phase, 8);
AT(stressor_row, index, 12);
AT(stressor_row, name, 16);
AT(stressor_row, type, 24);
AT(stressor_row, count, 32);
AT(stressor_row, errors, 40);
AT(stressor_row, sum_ns, 48);
AT(stressor_row, min_ns, 56);
AT(stressor_row, max_ns, 64);
AT(stressor_row, total, 72);
AT(stressor_row, interval, 80);
AT(stressor_row, interval_count, 88);
AT(stressor_row, interval_errors, 96);

AT(stressor_sequence_row, size, 0);
AT(stressor_sequence_row, phase, 4);
AT(stressor_sequence_row, name, 8);
AT(stressor_sequence_row, passes, 16);
AT(stressor_sequence_row, errors, 24);
AT(stressor_sequence_row, activities, 32);
AT(stressor_sequence_row, sum_ns, 40);
AT(stressor_sequence_row, net_ns, 48);
AT(stressor_sequence_row, min_ns, 56);
AT(stressor_sequence_row, max_ns, 64);
AT(stressor_sequence_row, total, 72);
AT(stressor_sequence_row, interval, 80);
AT(stressor_sequence_row, interval_passes, 88);
AT(stressor_sequence_row, interval_errors, 96);

AT(stressor_error_group, size, 0);
AT(stressor_error_group, category, 4);
AT(stressor_error_group, kind, 8);
AT(stressor_error_group, row, 16);
AT(stressor_error_group, example, 24);
AT(stressor_error_group, count, 32);
AT(stressor_error_group, phase, 40);
AT(stressor_error_group, reserved, 44);

AT(stressor_metric_row, size, 0);
AT(stressor_metric_row, kind, 4);
AT(stressor_metric_row, name, 8);
AT(stressor_metric_row, unit, 16);
AT(stressor_metric_row, help, 24);
AT(stressor_metric_row, value, 32);
AT(stressor_metric_row, histogram, 40);

AT(stressor_resources, size, 0);
AT(stressor_resources, workers, 4);
AT(stressor_resources, cpu_user_ns, 8);
AT(stressor_resources, cpu_system_ns, 16);
AT(stressor_resources, peak_bytes, 24);
AT(stressor_resources, pool_threads, 32);
AT(stressor_resources, pool_wait_max_ns, 40);
AT(stressor_resources, loop_lag_p99_ns, 48);
AT(stressor_resources, loop_lag_max_ns, 56);

AT(stressor_worker_row, size, 0);
AT(stressor_worker_row, index, 4);
AT(stressor_worker_row, cpu, 8);
AT(stressor_worker_row, cpu_max, 16);
AT(stressor_worker_row, cpu_ns, 24);
AT(stressor_worker_row, loop_lag_p99_ns, 32);
AT(stressor_worker_row, loop_lag_max_ns, 40);
AT(stressor_worker_row, sessions, 48);

AT(stressor_process_row, size, 0);
AT(stressor_process_row, alive, 4);
AT(stressor_process_row, name, 8);
AT(stressor_process_row, reason, 16);
AT(stressor_process_row, pid, 24);
AT(stressor_process_row, cpu, 32);
AT(stressor_process_row, cpu_max, 40);
AT(stressor_process_row, cpu_ns, 48);
AT(stressor_process_row, memory_bytes, 56);
AT(stressor_process_row, memory_max_bytes, 64);
AT(stressor_process_row, threads, 72);
AT(stressor_process_row, descriptors, 80);
AT(stressor_process_row, descriptors_limit, 88);
AT(stressor_process_row, sockets, 96);
AT(stressor_process_row, read_bytes, 104);
AT(stressor_process_row, written_bytes, 112);

AT(stressor_machine, size, 0);
AT(stressor_machine, cpus, 4);
AT(stressor_machine, cpu, 8);
AT(stressor_machine, cpu_max, 16);
AT(stressor_machine, memory_bytes, 24);
AT(stressor_machine, memory_available_bytes, 32);
AT(stressor_machine, received_bytes, 40);
AT(stressor_machine, sent_bytes, 48);
AT(stressor_machine, tcp_sockets, 56);
AT(stressor_machine, tcp_time_wait, 64);
AT(stressor_machine, local_ports, 72);

AT(stressor_point, size, 0);
AT(stressor_point, phase, 4);
AT(stressor_point, from_ns, 8);
AT(stressor_point, to_ns, 16);
AT(stressor_point, sessions, 24);
AT(stressor_point, activities, 32);
AT(stressor_point, errors, 40);
AT(stressor_point, mean_ns, 48);
AT(stressor_point, p50_ns, 56);
AT(stressor_point, p90_ns, 64);
AT(stressor_point, p95_ns, 72);
AT(stressor_point, p99_ns, 80);
AT(stressor_point, max_ns, 88);
AT(stressor_point, machine_cpu, 96);
AT(stressor_point, processes, 104);
AT(stressor_point, processes_count, 112);
AT(stressor_point, reserved, 116);

AT(stressor_process_point, size, 0);
AT(stressor_process_point, reserved, 4);
AT(stressor_process_point, cpu, 8);
AT(stressor_process_point, memory_bytes, 16);
AT(stressor_process_point, descriptors, 24);
AT(stressor_process_point, read_bytes, 32);
AT(stressor_process_point, written_bytes, 40);

AT(stressor_recent, size, 0);
AT(stressor_recent, reserved, 4);
AT(stressor_recent, duration_ns, 8);
AT(stressor_recent, activities, 16);
AT(stressor_recent, errors, 24);
AT(stressor_recent, p50_ns, 32);
AT(stressor_recent, p95_ns, 40);
AT(stressor_recent, p99_ns, 48);

AT(stressor_threshold_row, size, 0);
AT(stressor_threshold_row, state, 4);
AT(stressor_threshold_row, unit, 8);
AT(stressor_threshold_row, aborted, 12);
AT(stressor_threshold_row, text, 16);
AT(stressor_threshold_row, name, 24);
AT(stressor_threshold_row, actual, 32);
AT(stressor_threshold_row, value, 40);
AT(stressor_threshold_row, limit, 48);
AT(stressor_threshold_row, samples, 56);
AT(stressor_threshold_row, failed_ns, 64);
AT(stressor_threshold_row, broken, 72);
AT(stressor_threshold_row, reserved, 76);

AT(stressor_trust, size, 0);
AT(stressor_trust, verdict, 4);
AT(stressor_trust, lateness_p99_ns, 8);
AT(stressor_trust, lateness_max_ns, 16);
AT(stressor_trust, lateness_limit_ns, 24);
AT(stressor_trust, median_ns, 32);
AT(stressor_trust, generator_errors, 40);
AT(stressor_trust, reasons, 48);
AT(stressor_trust, notes, 56);
AT(stressor_trust, reasons_count, 64);
AT(stressor_trust, notes_count, 68);

AT(stressor_fact, size, 0);
AT(stressor_fact, reserved, 4);
AT(stressor_fact, section, 8);
AT(stressor_fact, name, 16);
AT(stressor_fact, text, 24);

AT(stressor_snapshot, size, 0);
AT(stressor_snapshot, stage, 4);
AT(stressor_snapshot, serial, 8);
AT(stressor_snapshot, name, 16);
AT(stressor_snapshot, tag, 24);
AT(stressor_snapshot, details, 32);
AT(stressor_snapshot, base_url, 40);
AT(stressor_snapshot, version, 48);
AT(stressor_snapshot, started_wall_ns, 56);
AT(stressor_snapshot, ended_wall_ns, 64);
AT(stressor_snapshot, elapsed_ns, 72);
AT(stressor_snapshot, warmup_ns, 80);
AT(stressor_snapshot, measured_ns, 88);
AT(stressor_snapshot, interval_ns, 96);
AT(stressor_snapshot, expected_ns, 104);
AT(stressor_snapshot, net_ns, 112);
AT(stressor_snapshot, activities, 120);
AT(stressor_snapshot, activities_all, 128);
AT(stressor_snapshot, errors, 136);
AT(stressor_snapshot, cancelled, 144);
AT(stressor_snapshot, abandoned, 152);
AT(stressor_snapshot, sessions_planned, 160);
AT(stressor_snapshot, sessions_started, 168);
AT(stressor_snapshot, sessions_running, 176);
AT(stressor_snapshot, sessions_done, 184);
AT(stressor_snapshot, passes, 192);
AT(stressor_snapshot, rows, 200);
AT(stressor_snapshot, sequences, 208);
AT(stressor_snapshot, error_groups, 216);
AT(stressor_snapshot, metrics, 224);
AT(stressor_snapshot, workers, 232);
AT(stressor_snapshot, processes, 240);
AT(stressor_snapshot, thresholds, 248);
AT(stressor_snapshot, points, 256);
AT(stressor_snapshot, facts, 264);
AT(stressor_snapshot, rows_count, 272);
AT(stressor_snapshot, sequences_count, 276);
AT(stressor_snapshot, error_groups_count, 280);
AT(stressor_snapshot, metrics_count, 284);
AT(stressor_snapshot, workers_count, 288);
AT(stressor_snapshot, processes_count, 292);
AT(stressor_snapshot, thresholds_count, 296);
AT(stressor_snapshot, points_count, 300);
AT(stressor_snapshot, facts_count, 304);
AT(stressor_snapshot, dry_run, 308);
AT(stressor_snapshot, error_groups_dropped, 312);
AT(stressor_snapshot, resources, 320);
AT(stressor_snapshot, machine, 328);
AT(stressor_snapshot, recent, 336);
AT(stressor_snapshot, trust, 344);
AT(stressor_snapshot, net, 352);
AT(stressor_snapshot, stop_reason, 360);
AT(stressor_snapshot, seed, 368);
AT(stressor_snapshot, starting_ns, 376);
AT(stressor_snapshot, verdict, 384);
AT(stressor_snapshot, reserved, 388);

AT(stressor_session_row, size, 0);
AT(stressor_session_row, running, 4);
AT(stressor_session_row, number, 8);
AT(stressor_session_row, id, 16);
AT(stressor_session_row, user, 24);
AT(stressor_session_row, path, 32);
AT(stressor_session_row, last_error, 40);
AT(stressor_session_row, activities, 48);
AT(stressor_session_row, errors, 56);

AT(stressor_snapshot_api, size, 0);
AT(stressor_snapshot_api, reserved, 4);
AT(stressor_snapshot_api, retain, 8);
AT(stressor_snapshot_api, release, 16);
AT(stressor_snapshot_api, percentile, 24);
AT(stressor_snapshot_api, count, 32);
AT(stressor_snapshot_api, buckets, 40);

AT(stressor_control, size, 0);
AT(stressor_control, reserved, 4);
AT(stressor_control, host, 8);
AT(stressor_control, stop, 16);
AT(stressor_control, render, 24);
AT(stressor_control, sessions_page, 32);
AT(stressor_control, file_open, 40);
AT(stressor_control, file_write, 48);
AT(stressor_control, file_close, 56);

AT(stressor_reporter_type, size, 0);
AT(stressor_reporter_type, flags, 4);
AT(stressor_reporter_type, kind, 8);
AT(stressor_reporter_type, help, 16);
AT(stressor_reporter_type, path_help, 24);
AT(stressor_reporter_type, extension, 32);
AT(stressor_reporter_type, render, 40);
AT(stressor_reporter_type, open, 48);
AT(stressor_reporter_type, tick, 56);
AT(stressor_reporter_type, end, 64);
AT(stressor_reporter_type, close, 72);

AT(stressor_engine_options, size, 0);
AT(stressor_engine_options, log_level, 4);
AT(stressor_engine_options, log, 8);
AT(stressor_engine_options, log_data, 16);
AT(stressor_engine_options, plugin_paths, 24);
AT(stressor_engine_options, builtin_plugins, 32);
AT(stressor_engine_options, refuse_plugin, 40);
AT(stressor_engine_options, refuse_plugin_data, 48);

AT(stressor_plugin_entry_info, size, 0);
AT(stressor_plugin_entry_info, refused, 4);
AT(stressor_plugin_entry_info, path, 8);
AT(stressor_plugin_entry_info, reason, 16);
AT(stressor_plugin_entry_info, plugin, 24);

AT(stressor_load_options, size, 0);
AT(stressor_load_options, reserved, 4);
AT(stressor_load_options, overrides, 8);

AT(stressor_report, size, 0);
AT(stressor_report, reserved, 4);
AT(stressor_report, kind, 8);
AT(stressor_report, path, 16);

AT(stressor_run_options, size, 0);
AT(stressor_run_options, workers, 4);
AT(stressor_run_options, single, 8);
AT(stressor_run_options, dry_run, 12);
AT(stressor_run_options, max_errors, 16);
AT(stressor_run_options, max_time_ns, 24);
AT(stressor_run_options, seed, 32);
AT(stressor_run_options, reports, 40);
AT(stressor_run_options, virtual_time, 48);
AT(stressor_run_options, reserved, 52);
AT(stressor_run_options, executed, 56);
AT(stressor_run_options, executed_data, 64);
AT(stressor_run_options, strict, 72);
AT(stressor_run_options, reserved2, 76);

AT(stressor_execution, size, 0);
AT(stressor_execution, status, 4);
AT(stressor_execution, category, 8);
AT(stressor_execution, cancelled, 12);
AT(stressor_execution, called, 16);
AT(stressor_execution, phase, 20);
AT(stressor_execution, type, 24);
AT(stressor_execution, label, 32);
AT(stressor_execution, sequence, 40);
AT(stressor_execution, session, 48);
AT(stressor_execution, session_number, 56);
AT(stressor_execution, started_ns, 64);
AT(stressor_execution, latency_ns, 72);
AT(stressor_execution, result, 80);

AT(stressor_report_info, size, 0);
AT(stressor_report_info, stays, 4);
AT(stressor_report_info, kind, 8);
AT(stressor_report_info, path, 16);
AT(stressor_report_info, error, 24);

IS(STRESSOR_PHASE_MAIN, 0);
IS(STRESSOR_PHASE_INIT, 1);
IS(STRESSOR_PHASE_END, 2);
IS(STRESSOR_PHASE_WARMUP, 3);

IS(STRESSOR_STAGE_STARTING, 0);
IS(STRESSOR_STAGE_RUNNING, 1);
IS(STRESSOR_STAGE_STOPPING, 2);
IS(STRESSOR_STAGE_DONE, 3);

IS(STRESSOR_ROW_MONITORED, 0x1);
IS(STRESSOR_ROW_IGNORE_TIMING, 0x2);
IS(STRESSOR_ROW_CALLED, 0x4);

IS(STRESSOR_STOP_NONE, 0);
IS(STRESSOR_STOP_GRACEFUL, 1);
IS(STRESSOR_STOP_NOW, 2);

IS(STRESSOR_THRESHOLD_PENDING, 0);
IS(STRESSOR_THRESHOLD_PASSED, 1);
IS(STRESSOR_THRESHOLD_FAILED, 2);

IS(STRESSOR_THRESHOLD_NS, 1);
IS(STRESSOR_THRESHOLD_COUNT, 2);
IS(STRESSOR_THRESHOLD_PER_SECOND, 3);
IS(STRESSOR_THRESHOLD_PERCENT, 4);

IS(STRESSOR_TRUST_UNKNOWN, 0);
IS(STRESSOR_TRUSTED, 1);
IS(STRESSOR_UNTRUSTED, 2);

IS(STRESSOR_VERDICT_NONE, 0);
IS(STRESSOR_VERDICT_PASSED, 1);
IS(STRESSOR_VERDICT_STOPPED, 2);
IS(STRESSOR_VERDICT_THRESHOLD, 3);
IS(STRESSOR_VERDICT_ERRORS, 4);
IS(STRESSOR_VERDICT_UNTRUSTED, 5);

IS(STRESSOR_REPORTER_STAYS, 0x1);

#undef AT
#undef IS

#endif
