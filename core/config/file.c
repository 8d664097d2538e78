#include "config/file.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST = 16384 };

int file_read(int fd, size_t ceiling, char **bytes, size_t *length)
{
    struct stat s;
    size_t capacity = FIRST, used = 0;
    if (fstat(fd, &s) == 0 && S_ISREG(s.st_mode)) {
        if (s.st_size > 0 && (unsigned long long)s.st_size > ceiling)
            return -EFBIG;
        capacity = (size_t)s.st_size + 2;
    }
    char *data = malloc(capacity);
    int error = data == NULL ? ENOMEM : 0;
    while (error == 0) {
        if (capacity - used < 2) {
            char *more = realloc(data, capacity * 2);
            if (more == NULL) {
                error = ENOMEM;
                break;
            }
            data = more;
            capacity *= 2;
        }
        ssize_t got = read(fd, data + used, capacity - used - 1);
        if (got == 0)
            break;
        if (got > 0)
            used += (size_t)got;
        else if (errno != EINTR)
            error = errno;
        if (used > ceiling)
            error = EFBIG;
    }
    if (error != 0) {
        free(data);
        return -error;
    }
    data[used] = '\0';
    *bytes = data;
    *length = used;
    return 0;
}
