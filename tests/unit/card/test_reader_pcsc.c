#include "mock_pcsc.h"

#include <poll.h>
#include <string.h>

#include "card/reader.h"

static int start_over(void **state)
{
	(void)state;
	mock_reset();
	return 0;
}

static struct readers *open_all(void)
{
	struct readers *r;
	struct error e;

	assert_int_equal(readers_open_pcsc(NULL, &r, &e), ERR_OK);
	return r;
}

static bool something_new(struct readers *r, int ms)
{
	struct pollfd wait = {.fd = readers_fd(r), .events = POLLIN};

	return poll(&wait, 1, ms) == 1;
}

/* Each failure to come to the daemon has its own name, wherever it shows. */
static void the_daemons_failures(void **state)
{
	static const struct {
		LONG establish, list;
		enum err code;
	} cases[] = {
		{SCARD_E_NO_SERVICE, 0, ERR_NO_DAEMON},
		{SCARD_E_SERVICE_STOPPED, 0, ERR_NO_DAEMON},
		{SCARD_F_COMM_ERROR, 0, ERR_NO_DAEMON},
		{SCARD_W_SECURITY_VIOLATION, 0, ERR_ACCESS_DENIED},
		{0, SCARD_W_SECURITY_VIOLATION, ERR_ACCESS_DENIED},
		{0, SCARD_E_NO_SERVICE, ERR_NO_DAEMON},
		{SCARD_E_NO_MEMORY, 0, ERR_NO_DAEMON},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct reader_state list[READERS_MAX];
		struct readers *r;
		struct error e;
		size_t count = 9;

		mock_reset();
		mock.establish = cases[i].establish;
		mock.list = cases[i].list;
		r = open_all();
		assert_int_equal(readers_list(r, list, &count, &e), cases[i].code);
		assert_int_equal(count, 0);
		assert_int_equal(e.pcsc,
			(uint32_t)(cases[i].establish ? cases[i].establish : cases[i].list));
		readers_close(r);
		assert_true(mock.releases <= mock.establishes);
	}
}

static void what_is_in_a_reader(void **state)
{
	static const struct {
		DWORD state;
		enum err code;
		size_t atr_n;
	} cases[] = {
		{SCARD_STATE_PRESENT, ERR_OK, 2},
		{SCARD_STATE_PRESENT | SCARD_STATE_INUSE, ERR_OK, 2},
		{SCARD_STATE_EMPTY, ERR_NO_CARD, 0},
		{SCARD_STATE_PRESENT | SCARD_STATE_MUTE, ERR_CARD_MUTE, 0},
		{SCARD_STATE_PRESENT | SCARD_STATE_EXCLUSIVE, ERR_CARD_HELD, 2},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct reader_state list[READERS_MAX];
		struct readers *r;
		struct error e;
		size_t count;

		mock_reset();
		mock.state = cases[i].state | 0x00070000;
		mock.readers = "R;Another reader";
		r = open_all();
		assert_int_equal(readers_list(r, list, &count, &e), ERR_OK);
		assert_int_equal(count, 2);
		assert_string_equal(list[1].name, "Another reader");
		assert_int_equal(list[0].status, cases[i].code);
		assert_int_equal(list[0].atr_n, cases[i].atr_n);
		assert_int_equal(list[0].events, 7);
		readers_close(r);
	}
}

static void no_reader_is_said_so(void **state)
{
	struct reader_state list[READERS_MAX];
	struct readers *r;
	struct error e;
	size_t count;

	(void)state;
	mock.readers = "";
	r = open_all();
	assert_int_equal(readers_list(r, list, &count, &e), ERR_NO_READER);
	mock_lock();
	mock.readers = "R";
	mock_unlock_and_wake();
	while (readers_list(r, list, &count, &e) != ERR_OK)
		assert_true(something_new(r, 5000));
	assert_int_equal(count, 1);
	readers_close(r);
}

static void changes_are_told_and_nothing_else(void **state)
{
	struct reader_state list[READERS_MAX];
	struct readers *r = open_all();
	struct error e;
	size_t count;
	unsigned waits;

	(void)state;
	assert_true(something_new(r, 5000));
	assert_int_equal(readers_list(r, list, &count, &e), ERR_OK);
	assert_false(something_new(r, 50));
	mock_lock();
	mock.state = SCARD_STATE_EMPTY | SCARD_STATE_CHANGED | 0x00020000;
	mock_unlock_and_wake();
	assert_true(something_new(r, 5000));
	assert_int_equal(readers_list(r, list, &count, &e), ERR_OK);
	assert_int_equal(list[0].status, ERR_NO_CARD);
	mock_lock();
	waits = mock.waits;
	mock_unlock_and_wake(); /* nothing has changed */
	assert_false(something_new(r, 50));
	mock_lock();
	assert_true(mock.waits - waits <= 1); /* and nobody has been asking all the time */
	mock_unlock_and_wake();
	readers_close(r);
}

static void a_daemon_that_comes_back_is_found(void **state)
{
	struct reader_state list[READERS_MAX];
	struct readers *r = open_all();
	struct error e;
	size_t count;
	enum err code;
	bool restarted = false;

	(void)state;
	assert_int_equal(readers_list(r, list, &count, &e), ERR_OK);
	mock_lock();
	mock.change = SCARD_E_NO_SERVICE;
	mock.establish = SCARD_E_NO_SERVICE;
	mock_unlock_and_wake();
	while ((code = readers_list(r, list, &count, &e)) != ERR_NO_DAEMON) {
		restarted = restarted || code == ERR_DAEMON_RESTARTED;
		assert_true(something_new(r, 5000));
	}
	assert_true(restarted);
	mock_lock();
	mock.change = mock.establish = SCARD_S_SUCCESS;
	mock_unlock_and_wake();
	while (readers_list(r, list, &count, &e) != ERR_OK)
		assert_true(something_new(r, 5000));
	readers_close(r);
}

static void a_kiosk_sees_its_own_reader_only(void **state)
{
	struct reader_state list[READERS_MAX];
	struct reader *connection;
	struct readers *r;
	struct error e;
	size_t count;

	(void)state;
	mock.readers = "R;Another reader";
	assert_int_equal(readers_open_pcsc("Another reader", &r, &e), ERR_OK);
	assert_int_equal(readers_list(r, list, &count, &e), ERR_OK);
	assert_int_equal(count, 1);
	assert_string_equal(list[0].name, "Another reader");
	assert_int_equal(reader_connect(r, "R", &connection, &e), ERR_READER_NAME);
	assert_null(connection);
	assert_int_equal(mock.connects, 0);
	readers_close(r);
	assert_int_equal(readers_open_pcsc("A misspelt one", &r, &e), ERR_OK);
	assert_int_equal(readers_list(r, list, &count, &e), ERR_NO_READER);
	assert_string_equal(e.where, "card.reader = A misspelt one");
	readers_close(r);
}

static void connecting_fails_by_its_name(void **state)
{
	static const struct {
		LONG establish, connect, status;
		enum err code;
	} cases[] = {
		{SCARD_E_NO_SERVICE, 0, 0, ERR_NO_DAEMON},
		{SCARD_W_SECURITY_VIOLATION, 0, 0, ERR_ACCESS_DENIED},
		{0, SCARD_W_SECURITY_VIOLATION, 0, ERR_ACCESS_DENIED}, /* since pcsc-lite 2.0.1 */
		{0, SCARD_E_NO_SMARTCARD, 0, ERR_NO_CARD},
		{0, SCARD_W_UNPOWERED_CARD, 0, ERR_CARD_MUTE},
		{0, SCARD_W_UNRESPONSIVE_CARD, 0, ERR_CARD_MUTE},
		{0, SCARD_E_SHARING_VIOLATION, 0, ERR_CARD_HELD},
		{0, SCARD_E_UNKNOWN_READER, 0, ERR_READER_GONE},
		{0, SCARD_E_READER_UNAVAILABLE, 0, ERR_READER_GONE},
		{0, SCARD_F_INTERNAL_ERROR, 0, ERR_CARD_IO},
		{0, 0, SCARD_W_REMOVED_CARD, ERR_CARD_REMOVED},
	};
	struct readers *r = open_all();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct reader *connection;
		struct error e;

		mock_lock();
		mock.establish = cases[i].establish;
		mock.connect = cases[i].connect;
		mock.status = cases[i].status;
		mock_unlock_and_wake();
		assert_int_equal(reader_connect(r, "R", &connection, &e), cases[i].code);
		assert_null(connection);
		assert_true(e.pcsc != 0);
	}
	readers_close(r);
	assert_int_equal(mock.disconnects, 1);
}

static struct reader *connect_card(struct readers *r)
{
	struct reader *connection;
	struct error e;

	assert_int_equal(reader_connect(r, "R", &connection, &e), ERR_OK);
	assert_int_equal(mock.share, SCARD_SHARE_SHARED);
	return connection;
}

static void a_transaction_ends_with_a_reset_when_asked(void **state)
{
	struct readers *r = open_all();
	struct reader *c = connect_card(r);
	struct error e;
	bool fresh;

	(void)state;
	assert_int_equal(reader_begin(c, &fresh, &e), ERR_OK);
	assert_true(fresh);
	reader_end(c, false);
	assert_int_equal(mock.end_how, SCARD_LEAVE_CARD);
	assert_int_equal(reader_begin(c, &fresh, &e), ERR_OK);
	assert_false(fresh);
	reader_end(c, true);
	assert_int_equal(mock.end_how, SCARD_RESET_CARD);
	assert_int_equal(reader_begin(c, &fresh, &e), ERR_OK);
	assert_true(fresh);
	reader_end(c, false);
	assert_int_equal(mock.begins, mock.ends);
	reader_end(c, true); /* none is open: nothing happens */
	assert_int_equal(mock.begins, mock.ends);
	reader_disconnect(c, false);
	readers_close(r);
}

/* Where it shows: when we begin, or behind that, as of a program that died: the lock is free before the card is reset. */
static void a_reset_by_another_program_is_told(void **state)
{
	LONG *const places[] = {&mock.begin, &mock.status};

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct readers *r;
		struct reader *c;
		struct error e;
		bool fresh;

		mock_reset();
		r = open_all();
		c = connect_card(r);
		reader_begin(c, &fresh, &e);
		reader_end(c, false);
		*places[i] = SCARD_W_RESET_CARD;
		assert_int_equal(reader_begin(c, &fresh, &e), ERR_OK);
		assert_true(fresh);
		assert_int_equal(mock.reconnects, 1);
		assert_int_equal(mock.begins, mock.ends + 1 + (places[i] == &mock.begin));
		reader_end(c, false);
		assert_int_equal(mock.end_how, SCARD_LEAVE_CARD);
		*places[i] = SCARD_W_RESET_CARD;
		mock.reconnect = SCARD_W_RESET_CARD;
		assert_int_equal(reader_begin(c, &fresh, &e), ERR_CARD_RESET);
		reader_disconnect(c, false);
		readers_close(r);
	}
}

static void another_card_is_never_taken_for_this_one(void **state)
{
	struct readers *r = open_all();
	struct reader *c = connect_card(r);
	struct error e;
	bool fresh;

	(void)state;
	mock_lock();
	mock.state += 0x00020000;
	mock_unlock_and_wake();
	assert_int_equal(reader_begin(c, &fresh, &e), ERR_CARD_CHANGED);
	assert_int_equal(mock.begins, mock.ends);
	mock_lock();
	mock.state -= 0x00020000;
	mock.atr[1] = 0x01;
	mock_unlock_and_wake();
	assert_int_equal(reader_begin(c, &fresh, &e), ERR_CARD_CHANGED);
	mock.begin = SCARD_W_REMOVED_CARD;
	assert_int_equal(reader_begin(c, &fresh, &e), ERR_CARD_REMOVED);
	reader_disconnect(c, false);
	readers_close(r);
}

static void what_ends_a_command(void **state)
{
	static const struct {
		LONG transmit, establish;
		const char *readers;
		enum err code;
	} cases[] = {
		{SCARD_W_REMOVED_CARD, 0, "R", ERR_CARD_REMOVED},
		{SCARD_E_NO_SMARTCARD, 0, "R", ERR_NO_CARD},
		{SCARD_W_RESET_CARD, 0, "R", ERR_CARD_RESET},
		{SCARD_E_READER_UNAVAILABLE, 0, "R", ERR_READER_GONE},
		{SCARD_E_NO_SERVICE, 0, "R", ERR_DAEMON_RESTARTED},
		{SCARD_F_COMM_ERROR, 0, "R", ERR_DAEMON_RESTARTED},
		{SCARD_E_NOT_TRANSACTED, 0, "R", ERR_CARD_IO},
		{SCARD_E_INSUFFICIENT_BUFFER, 0, "R", ERR_CARD_IO},
		{SCARD_E_INVALID_HANDLE, 0, "R", ERR_DAEMON_RESTARTED},
		{SCARD_E_INVALID_HANDLE, 0, "", ERR_READER_GONE},
		{SCARD_E_INVALID_VALUE, 0, "", ERR_READER_GONE},
		{SCARD_E_INVALID_HANDLE, SCARD_E_NO_SERVICE, "R", ERR_NO_DAEMON},
	};
	struct readers *r = open_all();
	struct reader *c = connect_card(r);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bytes answer = {0};
		struct error e;

		mock_lock();
		mock.transmit = cases[i].transmit;
		mock.establish = cases[i].establish;
		mock.readers = cases[i].readers;
		mock_unlock_and_wake();
		assert_int_equal(reader_transmit(c, span_of("\x00\xB0\x00\x00", 4), &answer, &e),
			cases[i].code);
		assert_int_equal(answer.n, 0);
		assert_int_equal(e.pcsc, (uint32_t)cases[i].transmit);
		bytes_free(&answer);
	}
	reader_disconnect(c, false);
	readers_close(r);
}

static void a_length_that_cannot_be_is_refused(void **state)
{
	struct readers *r = open_all();
	struct reader *c = connect_card(r);
	struct bytes answer = {0};
	struct error e;

	(void)state;
	mock.claim = 70000;
	assert_int_equal(
		reader_transmit(c, span_of("\x00\xB0\x00\x00", 4), &answer, &e), ERR_CARD_IO);
	mock.claim = 0;
	mock.answer = "01029000";
	assert_int_equal(reader_transmit(c, span_of("\x00\xB0\x00\x00", 4), &answer, &e), ERR_OK);
	assert_int_equal(answer.n, 4);
	assert_int_equal(reader_traffic_of(c).apdus, 2);
	assert_int_equal(reader_traffic_of(c).received, 4);
	bytes_free(&answer);
	reader_disconnect(c, false);
	readers_close(r);
}

/* Daemons answer a command to a card that was pulled with nothing, or with an error that could be
 * anything: what is in the reader then tells. */
static void a_pulled_card_is_told_from_a_bad_answer(void **state)
{
	static const struct {
		const char *answer;
		LONG transmit;
		bool pulled;
		enum err code;
	} cases[] = {
		{"", 0, true, ERR_CARD_REMOVED},
		{"90", 0, true, ERR_CARD_REMOVED},
		{"", SCARD_E_NOT_TRANSACTED, true, ERR_CARD_REMOVED},
		{"", 0, false, ERR_CARD_IO},
		{"90", 0, false, ERR_CARD_IO},
		{"", SCARD_E_NOT_TRANSACTED, false, ERR_CARD_IO},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct readers *r = open_all();
		struct reader *c = connect_card(r);
		struct bytes answer = {0};
		struct error e;
		DWORD before = mock.state;

		mock_lock();
		mock.answer = cases[i].answer;
		mock.transmit = cases[i].transmit;
		if (cases[i].pulled)
			mock.state = SCARD_STATE_EMPTY | ((before >> 16) + 1) << 16;
		mock_unlock_and_wake();
		assert_int_equal(reader_transmit(c, span_of("\x00\xB0\x00\x00", 4), &answer, &e),
			cases[i].code);
		assert_int_equal(answer.n, 0);
		bytes_free(&answer);
		reader_disconnect(c, false);
		readers_close(r);
		mock_reset();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_daemons_failures, start_over),
		cmocka_unit_test_setup(what_is_in_a_reader, start_over),
		cmocka_unit_test_setup(no_reader_is_said_so, start_over),
		cmocka_unit_test_setup(changes_are_told_and_nothing_else, start_over),
		cmocka_unit_test_setup(a_daemon_that_comes_back_is_found, start_over),
		cmocka_unit_test_setup(a_kiosk_sees_its_own_reader_only, start_over),
		cmocka_unit_test_setup(connecting_fails_by_its_name, start_over),
		cmocka_unit_test_setup(a_transaction_ends_with_a_reset_when_asked, start_over),
		cmocka_unit_test_setup(a_reset_by_another_program_is_told, start_over),
		cmocka_unit_test_setup(another_card_is_never_taken_for_this_one, start_over),
		cmocka_unit_test_setup(what_ends_a_command, start_over),
		cmocka_unit_test_setup(a_length_that_cannot_be_is_refused, start_over),
		cmocka_unit_test_setup(a_pulled_card_is_told_from_a_bad_answer, start_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
