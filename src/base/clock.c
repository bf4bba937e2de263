#include "base/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t read_ms(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_monotonic_ms(void)
{
	return read_ms(CLOCK_MONOTONIC);
}

int64_t clock_wall_s(void)
{
	return (int64_t)time(NULL);
}

int64_t clock_wall_ms(void)
{
	return read_ms(CLOCK_REALTIME);
}

void clock_format_local(int64_t t, char out[20])
{
	time_t when = (time_t)t;
	struct tm local;

	if (!localtime_r(&when, &local) || strftime(out, 20, "%d.%m.%Y %H:%M:%S", &local) == 0)
		snprintf(out, 20, "?");
}
