/* limits.h -- every ceiling of the practice target. docs/target.md repeats them for users. */
#ifndef TARGET_LIMITS_H
#define TARGET_LIMITS_H

#define BODY_MAX         (1u << 20)          /* bytes of a request's body */
#define BODY_DRAIN_MAX   (16u << 20)         /* bytes of a body over BODY_MAX that are read away */
#define FILES_MAX        1000u               /* files in the store */
#define FILES_BYTES_MAX  (64u << 20)         /* bytes of all files together */
#define FILE_NAME_MAX    100u                /* characters of a file's name */
#define LOGINS_MAX       65536u              /* logins remembered; the oldest are forgotten */
#define FIELD_MAX        64u                 /* bytes of a user's name or a password */
#define DELAY_MAX_NS     (60 * 1000000000LL) /* of /delay */
#define BYTES_MAX        (256ull << 20)      /* of /bytes */
#define REDIRECTS_MAX    100u                /* of /redirect */
#define HEADERS_MAX      200u                /* headers that /echo repeats */
#define IDLE_TIMEOUT_S   120u                /* a silent connection is closed */
#define CONNECTIONS_MAX  100000u             /* at most; fewer when descriptors are scarce */
#define DESCRIPTORS_KEPT 16u                 /* for what is not a connection */

#endif
