#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static double read_clock(clockid_t clock)
{
	struct timespec t;

	if (clock_gettime(clock, &t) != 0)
		load_fail("no process", "clock_gettime");
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

double load_now_s(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

double load_own_cpu_s(void)
{
	return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

void load_fail(const char *what, const char *where)
{
	fprintf(stderr, "%s: %s\n", what, where);
	exit(1);
}

static double cpu_of(pid_t pid)
{
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0)
		load_fail("no process", "clock_getcpuclockid");
	return read_clock(clock);
}

double load_cpu_s(const struct service_under_load *service)
{
	double sum = 0;

	for (size_t i = 0; i < service->count; i++)
		sum += cpu_of(service->pids[i]);
	return sum;
}

static long rss_of(pid_t pid)
{
	char path[64];
	long pages = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/statm", (int)pid);
	file = fopen(path, "r");
	if (!file || fscanf(file, "%*d %ld", &pages) != 1)
		load_fail("unreadable", path);
	fclose(file);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

long load_rss_kib(const struct service_under_load *service)
{
	long sum = 0;

	for (size_t i = 0; i < service->count; i++)
		sum += rss_of(service->pids[i]);
	return sum;
}
