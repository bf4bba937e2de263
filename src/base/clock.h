/* The two clocks. Deadlines run on the monotonic one, which nobody can set; the wall clock is for display, for
 * signing-time, and for what is stored. */
#ifndef EONAY_BASE_CLOCK_H
#define EONAY_BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds of CLOCK_MONOTONIC. */
int64_t clock_monotonic_ms(void);

/* Seconds since 1970-01-01T00:00:00Z. */
int64_t clock_wall_s(void);

/* Milliseconds since then. */
int64_t clock_wall_ms(void);

/* Writes t (seconds since 1970) in local time as the official screens do, "01.03.2022 17:39:54"; always 0-ended. */
void clock_format_local(int64_t t, char out[20]);

#endif
