/*
 * beneath -- opening files that must not lie outside a folder.
 *
 * loader_open_beneath (loader.h) takes the first way, and the second where the kernel lacks
 * openat2. Both give a descriptor, or -errno; -EXDEV: the path leaves the folder.
 */
#ifndef CORE_CONFIG_BENEATH_H
#define CORE_CONFIG_BENEATH_H

/* The kernel resolves the path, links that stay inside included. -ENOSYS: it cannot. */
int beneath_openat2(int folder, const char *path);
/* By hand, part by part: refuses `..` (-EXDEV) and every link (-ELOOP). */
int beneath_walk(int folder, const char *path);

#endif
