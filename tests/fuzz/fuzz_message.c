/* Messages between the program and its workers: the other end may have fallen to a hostile card or server. */
#include <stdlib.h>

#include "job/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct message_setup setup = {0};
	struct job_request request = {0};
	struct job_result result = {0};
	struct bytes again = {0};

	if (!secret_ready() && secret_init(NULL))
		abort();
	message_decode_setup(span_of(data, size), &setup);
	if (message_decode_request(span_of(data, size), &request)) {
		message_encode_request(&request, &again);
		if (!span_equal(bytes_span(&again), span_of(data, size)))
			abort();
		job_request_free(&request);
	}
	bytes_clear(&again);
	if (message_decode_result(span_of(data, size), &result)) {
		message_encode_result(&result, &again);
		if (!span_equal(bytes_span(&again), span_of(data, size)))
			abort();
		job_result_free(&result);
	}
	bytes_free(&again);
	return 0;
}
