#include "portal/web/static.h"

#include "portal/answer.h"
#include "portal/web/asset.h"

#include <string.h>

/* Templates and the catalogue are not among them. */
static const struct {
	const char *ending;
	const char *type;
} public[] = {
	{".css", "text/css; charset=utf-8"},
	{".js", "text/javascript; charset=utf-8"},
	{".svg", "image/svg+xml"},
	{".png", "image/png"},
};

static const char *type_of(const char *name)
{
	const char *ending = strrchr(name, '.');

	for (size_t i = 0; i < sizeof(public) / sizeof(*public) && ending; i++) {
		if (strcmp(ending, public[i].ending) == 0)
			return public[i].type;
	}
	return NULL;
}

/* The browser asks each time whether its copy is the current one: after an update no page has the styles of another
 * version. */
static enum err answer_static(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	const struct asset *asset = asset_find(request->name);
	const char *type = type_of(request->name);

	(void)p;
	if (!asset || !type)
		return error_set(e, ERR_PAGE_UNKNOWN, "static");
	answer_header(answer, "ETag", "\"%s\"", asset->hash);
	answer->cache = "no-cache";
	answer->status = 304;
	if (request->if_none_match && strstr(request->if_none_match, asset->hash))
		return ERR_OK;
	answer->status = 200;
	answer->content_type = type;
	bytes_append(&answer->body, span_of(asset->at, asset->n));
	return ERR_OK;
}

const struct route static_routes[] = {
	{"GET", "/static/@", NULL, 0, answer_static, ROUTE_INLINE},
	{0},
};
