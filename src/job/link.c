#include "job/link.h"

#include "job/frame.h"

bool link_receive(int fd, struct job_request *request)
{
	struct frame_in in = {0};
	bool good;

	*request = (struct job_request){0};
	good = frame_read(fd, &in) == ERR_OK &&
	       message_decode_request(span_of(in.body, in.n), request);
	frame_in_clear(&in);
	return good;
}

bool link_receive_setup(int fd, struct message_setup *setup)
{
	struct frame_in in = {0};
	bool good;

	*setup = (struct message_setup){0};
	good = frame_read(fd, &in) == ERR_OK && message_decode_setup(span_of(in.body, in.n), setup);
	frame_in_clear(&in);
	return good;
}

bool link_send(int fd, const struct job_result *result)
{
	struct bytes message = {0};
	struct frame_out out = {0};
	enum err status;

	message_encode_result(result, &message);
	frame_queue(&out, &message);
	status = frame_flush(fd, &out);
	bytes_wipe(&out.bytes);
	return status == ERR_OK;
}

void link_progress(int fd, enum job_stage stage)
{
	struct job_result progress = {.kind = JOB_PROGRESS, .stage = stage};

	link_send(fd, &progress);
}
