#include "service/client.h"

#include <string.h>

/* In a file of its own: the screen process needs this much of the client, and must not load libcurl for it. */
void service_session_free(struct service_session *s)
{
	secret_wipe(&s->token);
	for (size_t i = 0; i < s->text_count; i++)
		bytes_free(&s->texts[i]);
	explicit_bzero(s, sizeof(*s));
}
