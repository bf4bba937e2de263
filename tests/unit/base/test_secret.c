/* secret_init() changes the process for good, and a process that may not be traced can't be
 * searched for leaks: each test runs in a child, which tells by its exit status at which line it
 * failed. */
#include "unit.h"

#include <linux/capability.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/secret.h"

static int failed_line;

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			failed_line = __LINE__;                                                    \
			return;                                                                    \
		}                                                                                  \
	} while (0)

static void assert_in_child(void (*test)(void))
{
	int status, line = 0, ends[2];
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		test();
		_exit(write(ends[1], &failed_line, sizeof(failed_line)) == sizeof(failed_line) ? 0
											       : 1);
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], &line, sizeof(line)), sizeof(line));
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	if (line)
		fail_msg("%s:%d", __FILE__, line);
}

/* KiB of locked memory of this process. */
static long locked_kib(void)
{
	FILE *status = fopen("/proc/self/status", "r");
	char line[128];
	long kib = -1;

	while (status && fgets(line, sizeof(line), status))
		sscanf(line, "VmLck: %ld", &kib);
	if (status)
		fclose(status);
	return kib;
}

static void check_locked(void)
{
	struct rlimit core;
	struct error e = {0};

	CHECK(!secret_ready());
	CHECK(secret_init(&e) == ERR_OK);
	CHECK(secret_ready());
	CHECK(secret_init(&e) == ERR_OK);
	CHECK(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0);
	CHECK(getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_cur == 0 && core.rlim_max == 0);
	CHECK(locked_kib() >= 64);
}

/* Root may lock memory whatever the limit. */
static void drop_capabilities(void)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct none[2] = {{0}};

	CHECK(syscall(SYS_capset, &header, none) == 0);
}

static void check_no_lock(void)
{
	const struct rlimit none = {0, 0};
	struct secret s = {0};
	struct error e = {0};

	CHECK(setrlimit(RLIMIT_MEMLOCK, &none) == 0);
	drop_capabilities();
	CHECK(secret_init(&e) == ERR_SECRET_MEMORY);
	CHECK(e.code == ERR_SECRET_MEMORY && strstr(e.where, "mlock"));
	CHECK(!secret_ready());
	CHECK(!secret_append(&s, '1'));
	CHECK(!secret_set(&s, span_text("123456")));
	CHECK(s.at == NULL && s.n == 0);
}

static void check_use(void)
{
	struct secret s = {0};
	uint8_t *at;

	CHECK(secret_init(NULL) == ERR_OK);
	CHECK(secret_span(&s).n == 0);
	secret_drop_last(&s);
	CHECK(secret_append(&s, '1') && secret_append(&s, '2'));
	CHECK(CRYPTO_secure_allocated(s.at));
	secret_drop_last(&s);
	CHECK(s.n == 1 && s.at[1] == 0);
	CHECK(secret_set(&s, span_text("654321")));
	CHECK(secret_equal(secret_span(&s), span_text("654321")));
	CHECK(!secret_equal(secret_span(&s), span_text("654322")));
	CHECK(!secret_equal(secret_span(&s), span_text("65432")));
	at = s.at;
	secret_wipe(&s);
	CHECK(s.at == NULL && s.n == 0);
	CHECK(CRYPTO_secure_used() == 0);
	/* The secure heap keeps its list of free blocks in the first bytes of a block. */
	for (int i = 0; i < 6; i++)
		CHECK(at[i] != "654321"[i]);
	secret_wipe(&s);
}

static void check_limit(void)
{
	uint8_t many[SECRET_MAX + 1] = {0};
	struct secret s = {0};

	CHECK(secret_init(NULL) == ERR_OK);
	CHECK(secret_set(&s, span_of(many, SECRET_MAX)));
	CHECK(!secret_append(&s, '1') && s.n == SECRET_MAX);
	CHECK(!secret_set(&s, span_of(many, sizeof(many))));
	CHECK(s.at == NULL && s.n == 0);
}

static void memory_is_locked_and_undumpable(void **state)
{
	(void)state;
	assert_in_child(check_locked);
}

static void no_lock_is_a_failure(void **state)
{
	(void)state;
	assert_in_child(check_no_lock);
}

static void takes_and_wipes(void **state)
{
	(void)state;
	assert_in_child(check_use);
}

static void too_long_is_refused_and_wiped(void **state)
{
	(void)state;
	assert_in_child(check_limit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_locked_and_undumpable),
		cmocka_unit_test(no_lock_is_a_failure),
		cmocka_unit_test(takes_and_wipes),
		cmocka_unit_test(too_long_is_refused_and_wiped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
