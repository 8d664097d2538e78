/*
 * memory_trial -- a scenario loaded and run again and again while memory runs out, each time at
 * another allocation, be it of the core or of a plugin, on whatever thread.
 *
 * The run ends each time. Either somebody is told, or all activities were executed and had no error
 * (much is done again, or done without): so the scenario has to check what its activities bring.
 */
#ifndef TESTS_MEMORY_TRIAL_H
#define TESTS_MEMORY_TRIAL_H

#include <stressor/stressor.h>

void memory_trial(const stressor_plugin_entry *plugins, const char *yaml);

#endif
