/* A shared object that is no plugin. */
#include <stressor/abi.h>

STRESSOR_EXPORT int something_else(void);

int something_else(void)
{
    return 1;
}
