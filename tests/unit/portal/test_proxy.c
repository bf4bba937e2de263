#include "unit.h"

#include "portal/proxy.h"

static void only_proxies_are_believed(void **state)
{
	static const struct {
		const char *proxies, *peer, *header, *wanted;
	} table[] = {
		{"", "192.0.2.1", "203.0.113.7", "192.0.2.1"},
		{"192.0.2.1", "192.0.2.2", "203.0.113.7", "192.0.2.2"},
		{"192.0.2.1", "192.0.2.1", "203.0.113.7", "203.0.113.7"},
		{"192.0.2.1", "192.0.2.1", NULL, "192.0.2.1"},
		{"192.0.2.1", "192.0.2.1", "", "192.0.2.1"},
		/* What the client itself put before is not looked at. */
		{"192.0.2.1", "192.0.2.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"},
		/* A chain of proxies. */
		{"192.0.2.1, 192.0.2.2", "192.0.2.1", "198.51.100.1,203.0.113.7 , 192.0.2.2",
			"203.0.113.7"},
		{"192.0.2.1 192.0.2.2", "192.0.2.1", "192.0.2.2", "192.0.2.2"},
		/* What is no address ends the search. */
		{"192.0.2.1", "192.0.2.1", "203.0.113.7, unknown", "192.0.2.1"},
		{"192.0.2.1", "192.0.2.1", "203.0.113.7:80", "192.0.2.1"},
		{"192.0.2.1", "192.0.2.1", "[2001:db8::1]", "192.0.2.1"},
		{"::1", "::1", "2001:db8::7", "2001:db8::7"},
		/* One address, two ways to write it. */
		{"::ffff:192.0.2.1", "192.0.2.1", "203.0.113.7", "203.0.113.7"},
		{"2001:db8:0:0::1", "2001:db8::1", "203.0.113.7", "203.0.113.7"},
	};
	char client[INET6_ADDRSTRLEN];

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		proxy_client(table[i].proxies, table[i].peer, table[i].header, client);
		assert_string_equal(client, table[i].wanted);
	}
}

static void lists_are_of_addresses(void **state)
{
	(void)state;
	assert_true(proxy_lists("127.0.0.1 ::1", "::1"));
	assert_true(proxy_lists(" 10.0.0.1,\t127.0.0.1 ", "127.0.0.1"));
	assert_false(proxy_lists("", "127.0.0.1"));
	assert_false(proxy_lists("127.0.0.10", "127.0.0.1"));
	assert_false(proxy_lists("everyone", "everyone"));
	assert_true(proxy_is_list(""));
	assert_true(proxy_is_list(" 10.0.0.1,\t127.0.0.1 ::1 "));
	assert_false(proxy_is_list("10.0.0.1 10.0.0.0/8"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_proxies_are_believed),
		cmocka_unit_test(lists_are_of_addresses),
	};

	return cmocka_run_group_tests_name("portal proxies", tests, NULL, NULL);
}
