/*
 * replay -- runs a fuzz target over every file of a folder, without libFuzzer.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return perror(path), 1;
    uint8_t *data = NULL;
    size_t size = 0;
    for (;;) {
        uint8_t *more = realloc(data, size + 4096);
        if (more == NULL)
            abort();
        data = more;
        size_t got = fread(data + size, 1, 4096, f);
        size += got;
        if (got < 4096)
            break;
    }
    fclose(f);
    LLVMFuzzerTestOneInput(data, size);
    free(data);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return fprintf(stderr, "usage: %s FOLDER\n", argv[0]), 2;
    DIR *folder = opendir(argv[1]);
    if (folder == NULL)
        return perror(argv[1]), 1;
    int files = 0, bad = 0;
    for (struct dirent *e; (e = readdir(folder)) != NULL;) {
        if (e->d_name[0] == '.')
            continue;
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", argv[1], e->d_name);
        bad += replay_file(path);
        files++;
    }
    closedir(folder);
    printf("%d files replayed\n", files);
    return bad != 0 || files == 0;
}
