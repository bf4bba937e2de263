/* A job runs: what is being done, for how long, and whether it can be given up. */
#include <stdio.h>

#include "tui/view.h"
#include "tui/words.h"

static void draw(struct view *v, const struct flow *f)
{
	static const char *const turns[] = {"● ○ ○", "○ ● ○", "○ ○ ●", "○ ● ○"};
	const struct view_button cancel = {
		_("Vazgeç"), FOCUS_SECOND, EVENT_BACK, !flow_may_cancel(f)};
	unsigned row = v->top + (v->bottom - v->top) / 3;
	int64_t ms = f->now - f->work_began;
	char seconds[48] = "";

	view_centre(v, row, STYLE_TITLE, turns[ms / 250 % 4]);
	view_centre(v, row + 2, STYLE_STRONG, words_work(f));
	if (ms >= 2000) {
		snprintf(seconds, sizeof(seconds), _("%d saniyedir sürüyor"), (int)(ms / 1000));
		view_centre(v, row + 4, STYLE_DIM, seconds);
	}
	if (flow_may_cancel(f)) {
		view_buttons(v, f, row + 6, v->left, v->width, &cancel, 1);
		view_keys(v, (const char *const[]){"Esc", _("Vazgeç"), "F1", _("Yardım"), NULL});
	} else {
		view_keys(v, (const char *const[]){"F1", _("Yardım"), NULL});
	}
}

const struct view_screen screen_working = {draw, NULL};
