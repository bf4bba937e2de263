#include "load.h"

#include "base/clock.h"
#include "sign/verify.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#define SECONDS 1.0
#define THREADS_MAX 64

struct loop {
	struct verify_request request;
	double until;
	long done; /* of one thread */
};

static void *run_loop(void *context)
{
	struct loop *loop = context;

	while (load_now_s() < loop->until) {
		struct verify_report report = {0};
		struct error e = {0};
		enum err code = verify_cms(&loop->request, &report, &e);

		if (code || report.chain != VERIFY_CHAIN_TRUSTED)
			load_fail(error_code(code), e.where);
		loop->done++;
	}
	return NULL;
}

static void run_loops(const struct verify_request *request, int n)
{
	struct loop loops[THREADS_MAX];
	pthread_t threads[THREADS_MAX];
	double cpu = load_own_cpu_s(), from = load_now_s(), seconds;
	long done = 0;

	for (int i = 0; i < n; i++) {
		loops[i] = (struct loop){.request = *request, .until = from + SECONDS};
		if (pthread_create(&threads[i], NULL, run_loop, &loops[i]) != 0)
			load_fail("thread", "bare");
	}
	for (int i = 0; i < n; i++) {
		pthread_join(threads[i], NULL);
		done += loops[i].done;
	}
	seconds = load_now_s() - from;
	printf("bare %d %.1f %.4f\n", n, (double)done / seconds,
		(load_own_cpu_s() - cpu) / (double)done * 1e3);
}

void load_bare(const char *trust_file, struct span signature, struct span content)
{
	struct trust *trust = NULL;
	struct error e = {0};
	enum err code = trust_read_file(trust_file, &trust, &e);
	const struct verify_request request = {
		.cms = signature, .content = content, .trust = trust, .at = clock_wall_s()};
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (code)
		load_fail(error_code(code), trust_file);
	run_loops(&request, 1);
	run_loops(&request, (int)(processors < THREADS_MAX ? processors : THREADS_MAX));
	trust_free(trust);
}
