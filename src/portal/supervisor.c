#include "portal/supervisor.h"

#include "base/clock.h"

#include <stdbool.h>
#include <sys/socket.h>
#include <systemd/sd-daemon.h>

enum err supervisor_socket(int *fd, struct error *e)
{
	int n = sd_listen_fds(true);

	*fd = -1;
	if (n <= 0)
		return ERR_OK;
	if (n > 1 || (sd_is_socket_inet(SD_LISTEN_FDS_START, AF_INET, SOCK_STREAM, true, 0) <= 0 &&
			     sd_is_socket_inet(
				     SD_LISTEN_FDS_START, AF_INET6, SOCK_STREAM, true, 0) <= 0))
		return error_set(e, ERR_LISTEN, "LISTEN_FDS: not one TCP socket");
	*fd = SD_LISTEN_FDS_START;
	return ERR_OK;
}

void supervisor_ready(void)
{
	sd_notify(false, "READY=1\nSTATUS=");
}

void supervisor_reloading(void)
{
	sd_notifyf(
		false, "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)clock_monotonic_ms() * 1000);
}

void supervisor_stopping(void)
{
	sd_notify(false, "STOPPING=1");
}

void supervisor_alive(void)
{
	static int64_t told;
	uint64_t limit_us;

	if (sd_watchdog_enabled(false, &limit_us) <= 0 ||
		clock_monotonic_ms() - told < (int64_t)(limit_us / 4000))
		return;
	told = clock_monotonic_ms();
	sd_notify(false, "WATCHDOG=1");
}
