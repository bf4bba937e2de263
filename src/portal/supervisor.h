/* What we tell whoever runs us (sd_notify(3)) and take from it (sd_listen_fds(3)). Without systemd nothing is told. */
#ifndef EONAY_PORTAL_SUPERVISOR_H
#define EONAY_PORTAL_SUPERVISOR_H

#include "base/error.h"

/* The listening socket that we were given, -1 when there is none. ERR_LISTEN: more than one, or of another kind. */
enum err supervisor_socket(int *fd, struct error *e);

void supervisor_ready(void);
void supervisor_reloading(void);
void supervisor_stopping(void);

/* We are well; called every second or so, tells no more often than needed. */
void supervisor_alive(void);

#endif
