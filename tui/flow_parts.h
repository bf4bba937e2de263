/* What the files of the flow share among themselves; nothing else includes it. */
#ifndef EONAY_TUI_FLOW_PARTS_H
#define EONAY_TUI_FLOW_PARTS_H

#include "tui/flow.h"

/* Goes to a screen, with its usual focus and without a notice. */
void flow_enter(struct flow *f, enum screen screen);

/* Back to the first screen, everything wiped; tells the service when a session ends early. */
void flow_reset(struct flow *f, struct effects *effects);

/* Shows error on the screen that is there, or on the failure screen. */
void flow_notice(struct flow *f, const struct error *error);
void flow_fail(struct flow *f, enum job_kind doing, const struct error *error);

/* Begins a job: the working screen is shown. */
void flow_work(struct flow *f, enum job_kind kind);

/* Asks whether to leave the session, or the program. Nothing in a kiosk that is asked to quit, or while a job runs. */
void flow_ask_to_leave(struct flow *f, bool quit);

void flow_submit(struct flow *f, struct effects *effects);
void flow_enter_pin(struct flow *f, const struct event *event, struct effects *effects);

/* To the PIN when the chosen card is there; else waits for it and goes on by itself. */
void flow_resume_pin(struct flow *f, const struct event *event, struct effects *effects);

/* Have so many signatures ended without a verdict on the PIN that no further one may be tried? */
bool flow_unsettled(const struct flow *f);

/* One event on one screen. */
void flow_on_code(struct flow *f, const struct event *event, struct effects *effects);
void flow_on_contract(struct flow *f, const struct event *event, struct effects *effects);
void flow_on_certificate(struct flow *f, const struct event *event, struct effects *effects);
void flow_on_pin(struct flow *f, const struct event *event, struct effects *effects);
void flow_on_last_try(struct flow *f, const struct event *event, struct effects *effects);
void flow_on_paused(struct flow *f, const struct event *event, struct effects *effects);
void flow_on_result(struct flow *f, const struct event *event, struct effects *effects);
void flow_on_unblocked(struct flow *f, const struct event *event, struct effects *effects);
void flow_on_save(struct flow *f, const struct event *event, struct effects *effects);
void flow_on_failure(struct flow *f, const struct event *event, struct effects *effects);

void flow_on_expired(struct flow *f, const struct event *event, struct effects *effects);

/* Pauses when the chosen card is needed and not there, goes on when it is back. */
void flow_watch_card(struct flow *f, const struct event *event, struct effects *effects);

/* One result. */
void flow_opened(struct flow *f, struct job_result *result, struct effects *effects);
void flow_cards(struct flow *f, const struct event *event, struct effects *effects);
void flow_signed(struct flow *f, const struct event *event, struct effects *effects);
void flow_submitted(struct flow *f, const struct job_result *result);
void flow_unblocked(struct flow *f, const struct event *event, struct effects *effects);
void flow_told(struct flow *f, const struct error *error);

/* The chosen certificate, to note what its card has said. */
struct cards_certificate *flow_chosen(const struct flow *f);

/* Waits for the card, for this reason. */
void flow_pause(struct flow *f, const struct error *error);

void flow_back_to_certificates(struct flow *f);

/* The card at work has failed: goes back to where the PIN or PUK is typed, pauses, or ends. */
void flow_card_failed(struct flow *f, const struct event *event, struct effects *effects);

/* What can be known to be wrong with a PIN or PUK of this form before a card sees it. */
enum err flow_check_typed(const struct flow *f, struct span typed);

/* Overwrites whatever was typed of PIN and PUK. */
void flow_wipe_typed(struct flow *f);

/* The only usable certificate is the chosen one, when the one that was is not there. */
void flow_choose_again(struct flow *f);

/* Behind the word of the last try, or without it: the card gets PUK and new PIN. */
void flow_unblock(struct flow *f, struct effects *effects, bool confirmed);

/* İLERİ on the screen of the PUK. */
void flow_press_puk(struct flow *f, const struct event *event, struct effects *effects);

#endif
