#include <stdlib.h>
#include <string.h>

#include <stressor/log.h>

#include "engine.h"
#include "interpreter.h"
#include "secret.h"

static int32_t plugin_init(const stressor_host *host, void **data)
{
    struct python_plugin *p = calloc(1, sizeof *p);
    if (p == NULL)
        return STRESSOR_ENOMEM;
    p->host = host;
    p->activity = host->extension(host, STRESSOR_ACTIVITY_1);
    if (p->activity == NULL) {
        stressor_log(host, STRESSOR_LOG_ERROR,
                     "python: the host does not offer " STRESSOR_ACTIVITY_1);
        free(p);
        return STRESSOR_ESYSTEM;
    }
    *data = p;
    return 0;
}

/* The activities become functions. */
static int32_t run_open(void *data, stressor_run *run, stressor_plan *plan, void **run_data)
{
    struct python_plugin *p = data;
    (void)run;
    *run_data = p;
    if (prelude.run == NULL)
        return 0;
    PyGILState_STATE gil = PyGILState_Ensure();
    PyObject *names = PyList_New(0), *done = NULL;
    uint32_t count = p->activity->types_count(plan);
    for (uint32_t i = 0; names != NULL && i < count; i++) {
        PyObject *name = PyUnicode_FromString(p->activity->type_name(plan, i));
        if (name == NULL || PyList_Append(names, name) != 0)
            Py_CLEAR(names);
        Py_XDECREF(name);
    }
    if (names != NULL)
        done = PyObject_CallOneArg(prelude.add_types, names);
    PyErr_Clear();
    int32_t rc = done != NULL ? 0 : STRESSOR_ENOMEM;
    Py_XDECREF(done);
    Py_XDECREF(names);
    PyGILState_Release(gil);
    return rc;
}

static int32_t worker_open(void *run_data, stressor_worker *worker, void **worker_data)
{
    (void)worker;
    *worker_data = run_data;
    return 0;
}

static void session_close(void *session_data)
{
    struct python_session *s = session_data;
    secret_finish(&s->secrets);
    free(s->id);
    free(s);
}

static int32_t session_open(void *worker_data, stressor_exec *exec, void **session_data)
{
    stressor_session_info info = {.size = sizeof info};
    struct python_session *s = calloc(1, sizeof *s);
    (void)worker_data;
    if (s == NULL)
        return STRESSOR_ENOMEM;
    exec->host->session_info(exec->session, &info);
    s->id = strndup(info.id, info.id_length);
    s->number = info.number;
    s->seed = exec->host->random(exec->session);
    if (s->id == NULL) {
        session_close(s);
        return STRESSOR_ENOMEM;
    }
    *session_data = s;
    return 0;
}

static const stressor_script_engine *const engines[] = {&python_engine};

static const stressor_plugin plugin = {.size = sizeof plugin,
                                       .abi_minor = STRESSOR_ABI_MINOR,
                                       .abi_draft = STRESSOR_ABI_DRAFT,
                                       .name = "python",
                                       .version = "0.1.0",
                                       .help = "Scripts in Python",
                                       .license = "MIT",
                                       .engines = engines,
                                       .engines_count = 1,
                                       .init = plugin_init,
                                       .fini = free,
                                       .run_open = run_open,
                                       .worker_open = worker_open,
                                       .session_open = session_open,
                                       .session_close = session_close};

STRESSOR_EXPORT const stressor_plugin *stressor_plugin_v1(void);

STRESSOR_EXPORT const stressor_plugin *stressor_plugin_v1(void)
{
    return &plugin;
}
