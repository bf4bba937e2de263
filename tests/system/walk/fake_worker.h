/* Workers for walking the screens without cards or a service. */
#ifndef EONAY_TESTS_FAKE_WORKER_H
#define EONAY_TESTS_FAKE_WORKER_H

/* The pipe from which the script is changed while the program runs (fake_worker.c tells how). Borrowed. */
void fake_worker_control(const char *path);

#endif
