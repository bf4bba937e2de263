/* OpenSSL's library contexts and the threads that use them. */
#include "unit.h"

#include <pthread.h>

#include "sign/crypto.h"

#define THREADS 48 /* more than there are contexts */

struct worker {
	pthread_t thread;
	pthread_barrier_t *together;
	OSSL_LIB_CTX *context;
	EVP_PKEY *key;
};

static void *make_key(void *argument)
{
	struct worker *w = argument;

	w->context = crypto_context();
	if (w->together)
		pthread_barrier_wait(w->together);
	w->key = EVP_PKEY_Q_keygen(crypto_context(), NULL, "EC", "P-256");
	return crypto_context() == w->context ? w : NULL;
}

static void threads_do_not_share_a_context(void **state)
{
	pthread_barrier_t together;
	struct worker a = {.together = &together}, b = a;

	(void)state;
	pthread_barrier_init(&together, NULL, 2);
	pthread_create(&a.thread, NULL, make_key, &a);
	pthread_create(&b.thread, NULL, make_key, &b);
	pthread_join(a.thread, NULL);
	pthread_join(b.thread, NULL);
	pthread_barrier_destroy(&together);
	assert_non_null(a.context);
	assert_ptr_not_equal(a.context, b.context);
	EVP_PKEY_free(a.key);
	EVP_PKEY_free(b.key);
}

/* Also by a thread whose context is another one. */
static void what_a_thread_has_made_outlives_it(void **state)
{
	const uint8_t value[32] = {1};
	OSSL_LIB_CTX *own = crypto_context();
	struct worker w = {0};
	uint8_t signature[128];
	size_t n = sizeof(signature);
	EVP_PKEY_CTX *c;

	(void)state;
	pthread_create(&w.thread, NULL, make_key, &w);
	pthread_join(w.thread, NULL);
	assert_ptr_not_equal(own, w.context);
	c = EVP_PKEY_CTX_new_from_pkey(own, w.key, NULL);
	assert_int_equal(EVP_PKEY_sign_init(c), 1);
	assert_int_equal(EVP_PKEY_sign(c, signature, &n, value, sizeof(value)), 1);
	assert_true(crypto_signature_holds(
		w.key, SCHEME_ECDSA, DIGEST_SHA256, value, span_of(signature, n)));
	EVP_PKEY_CTX_free(c);
	EVP_PKEY_free(w.key);
}

static void more_threads_than_contexts_share_them(void **state)
{
	pthread_barrier_t together;
	struct worker workers[THREADS];
	void *kept;

	(void)state;
	pthread_barrier_init(&together, NULL, THREADS);
	for (int i = 0; i < THREADS; i++) {
		workers[i] = (struct worker){.together = &together};
		pthread_create(&workers[i].thread, NULL, make_key, &workers[i]);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(workers[i].thread, &kept);
		assert_ptr_equal(kept, &workers[i]);
		assert_non_null(workers[i].key);
		EVP_PKEY_free(workers[i].key);
	}
	pthread_barrier_destroy(&together);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_do_not_share_a_context),
		cmocka_unit_test(what_a_thread_has_made_outlives_it),
		cmocka_unit_test(more_threads_than_contexts_share_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
