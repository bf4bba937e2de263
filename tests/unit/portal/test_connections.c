#include "unit.h"

#include "portal/connections.h"

#include <sys/socket.h>
#include <unistd.h>

/* Has the other end been shut down? */
static int ended(int fd)
{
	char byte;

	return recv(fd, &byte, 1, MSG_DONTWAIT) == 0;
}

static void each_request_has_its_time(void **state)
{
	struct connections *all = connections_new(1000);
	struct connection *c[3];
	int pair[3][2];

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair[i]), 0);
		c[i] = connections_add(all, pair[i][0], i * 100);
	}
	connections_end_overdue(all, 999);
	assert_false(ended(pair[0][1]));
	connections_renew(all, c[0], 999);
	connections_remove(all, c[1]); /* the one in the middle */
	connections_end_overdue(all, 1998);
	assert_false(ended(pair[0][1]));
	assert_false(ended(pair[1][1]));
	assert_true(ended(pair[2][1]));
	connections_end_overdue(all, 1999);
	assert_true(ended(pair[0][1]));
	connections_remove(all, c[2]);
	connections_rest(all, c[0]);
	connections_remove(all, c[0]);
	connections_end_overdue(all, 9999);
	assert_false(ended(pair[1][1]));
	for (int i = 0; i < 3; i++) {
		close(pair[i][0]);
		close(pair[i][1]);
	}
	connections_free(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_request_has_its_time),
	};

	return cmocka_run_group_tests_name("portal connections", tests, NULL, NULL);
}
