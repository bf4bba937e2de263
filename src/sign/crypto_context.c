#include "sign/crypto.h"

#include <openssl/crypto.h>
#include <openssl/provider.h>
#include <pthread.h>

/* In one context the threads of a process wait for each other at every look-up: two together read
 * fewer certificates than one alone (OpenSSL 3.0). So each has its own as long as there are enough. */
#define CONTEXTS_MAX 32

struct context {
	OSSL_LIB_CTX *library;
	OSSL_PROVIDER *provider;
	unsigned threads; /* that use it now */
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* of contexts */
static struct context contexts[CONTEXTS_MAX];
static pthread_key_t of_thread; /* its struct context */

static void release(struct context *c)
{
	if (c->provider)
		OSSL_PROVIDER_unload(c->provider);
	OSSL_LIB_CTX_free(c->library);
	c->provider = NULL;
	c->library = NULL;
}

/* With the rest of OpenSSL: what a context keeps in the secure heap looks lost to a leak checker. */
static void release_all(void)
{
	for (size_t i = 0; i < CONTEXTS_MAX; i++)
		release(&contexts[i]);
}

/* A thread has ended. What it has made may be in use still, so its context stays, for another one. */
static void give_back(void *context)
{
	pthread_mutex_lock(&mutex);
	((struct context *)context)->threads--;
	pthread_mutex_unlock(&mutex);
}

static void begin(void)
{
	/* Without this, a first use of EVP reads openssl.cnf, which may load any module into the
	 * process. */
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	pthread_key_create(&of_thread, give_back);
	OPENSSL_atexit(release_all);
}

static bool make(struct context *c)
{
	c->library = OSSL_LIB_CTX_new();
	if (c->library)
		c->provider = OSSL_PROVIDER_load(c->library, "default");
	if (!c->provider)
		release(c);
	return c->provider;
}

/* The first that no thread uses, else one that the fewest use; NULL when it can't be made. */
static struct context *take(void)
{
	struct context *c = &contexts[0];

	for (size_t i = 1; i < CONTEXTS_MAX && c->threads > 0; i++) {
		if (contexts[i].threads < c->threads)
			c = &contexts[i];
	}
	if (!c->library && !make(c))
		return NULL;
	c->threads++;
	return c;
}

OSSL_LIB_CTX *crypto_context(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct context *c;

	pthread_once(&once, begin);
	c = pthread_getspecific(of_thread);
	if (c)
		return c->library;
	pthread_mutex_lock(&mutex);
	c = take();
	pthread_mutex_unlock(&mutex);
	pthread_setspecific(of_thread, c);
	return c ? c->library : NULL;
}
