#include "interpreter.h"

#include <dlfcn.h>
#include <stdio.h>

#include "module.h"

extern const char python_prelude[];

struct prelude prelude;

static char problem[256];

#if defined(__SANITIZE_ADDRESS__)
#define HAS_LEAK_CHECK 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_LEAK_CHECK 1
#endif
#endif

/* Plugins are loaded with RTLD_LOCAL, and so is libpython with this one. The extension modules of
 * Python, which are not linked with it, find its symbols only when they are global. */
static bool make_global(void)
{
    Dl_info info;
    if (dladdr((const void *)(uintptr_t)Py_IsInitialized, &info) != 0 &&
        dlopen(info.dli_fname, RTLD_NOW | RTLD_GLOBAL | RTLD_NOLOAD) != NULL)
        return true;
    const char *why = dlerror();
    snprintf(problem, sizeof problem, "libpython cannot be made global: %s",
             why != NULL ? why : "it is not found");
    return false;
}

static bool tell(PyStatus status)
{
    if (!PyStatus_Exception(status))
        return true;
    snprintf(problem, sizeof problem, "%s",
             status.err_msg != NULL ? status.err_msg : "it does not start");
    return false;
}

/* Nothing of the process's own is touched: neither signals nor locale nor environment. */
static bool start(void)
{
    PyPreConfig before;
    PyPreConfig_InitIsolatedConfig(&before);
    before.utf8_mode = 1;
#ifdef HAS_LEAK_CHECK
    before.allocator = PYMEM_ALLOCATOR_MALLOC; /* whose memory the leak checker can see through */
#endif
    if (!tell(Py_PreInitialize(&before)))
        return false;
    if (PyImport_AppendInittab("_stressor", module_open) != 0) {
        snprintf(problem, sizeof problem, "out of memory");
        return false;
    }
    PyConfig config;
    PyConfig_InitIsolatedConfig(&config);
    config.install_signal_handlers = 0;
    config.write_bytecode = 0; /* scenarios' folders stay as they are */
    PyStatus status = PyConfig_SetBytesString(&config, &config.executable, PYTHON_PROGRAM);
    if (!PyStatus_Exception(status))
        status = PyConfig_SetBytesString(&config, &config.program_name, PYTHON_PROGRAM);
    if (!PyStatus_Exception(status))
        status = Py_InitializeFromConfig(&config);
    PyConfig_Clear(&config);
    return tell(status);
}

/* An embedding program may have made it already, without our module. */
static bool have_module(void)
{
    PyObject *module = PyImport_ImportModule("_stressor");
    if (module == NULL) {
        PyErr_Clear();
        module = module_open();
        if (module == NULL ||
            PyDict_SetItemString(PyImport_GetModuleDict(), "_stressor", module) != 0)
            Py_CLEAR(module);
    }
    Py_XDECREF(module);
    return module != NULL;
}

static bool load_prelude(void)
{
    PyObject *module = NULL, *code = NULL, *name = NULL;
    if (have_module())
        code = Py_CompileString(python_prelude, PRELUDE_FILE, Py_file_input);
    if (code != NULL)
        name = PyUnicode_FromString("_stressor_prelude");
    if (name != NULL)
        module = PyImport_ExecCodeModuleObject(name, code, NULL, NULL);
    Py_XDECREF(name);
    Py_XDECREF(code);
    if (module == NULL)
        return false;
    prelude.run = PyObject_GetAttrString(module, "run");
    prelude.compile = PyObject_GetAttrString(module, "compile_script");
    prelude.add_types = PyObject_GetAttrString(module, "add_types");
    prelude.add_folder = PyObject_GetAttrString(module, "add_folder");
    prelude.nothing = PyObject_GetAttrString(module, "nothing");
    prelude.library = PyObject_GetAttrString(module, "library");
    Py_DECREF(module);
    return prelude.run != NULL && prelude.compile != NULL && prelude.add_types != NULL &&
           prelude.add_folder != NULL && prelude.nothing != NULL && prelude.library != NULL;
}

static const char *need_prelude(void)
{
    PyGILState_STATE gil = PyGILState_Ensure();
    bool good = load_prelude();
    if (!good) {
        PyErr_Print();
        prelude = (struct prelude){0};
        snprintf(problem, sizeof problem, "its library cannot be loaded");
    }
    PyGILState_Release(gil);
    return good ? NULL : problem;
}

const char *interpreter_need(const stressor_host *host)
{
    module_host = host;
    if (prelude.run != NULL)
        return NULL;
    if (!make_global())
        return problem;
    if (!Py_IsInitialized()) {
        if (!start())
            return problem;
        PyEval_SaveThread(); /* whoever wants it takes it */
    }
    return need_prelude();
}
