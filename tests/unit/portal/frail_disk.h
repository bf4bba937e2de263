/* A disk whose power fails: what SQLite has written and not synced may be there afterwards, or in part, or not at all. It is
 * SQLite's default from frail_disk_begin() on, for this process. */
#ifndef EONAY_TESTS_FRAIL_DISK_H
#define EONAY_TESTS_FRAIL_DISK_H

/* At the operation-th operation that changes a file (from 1) the power fails: each file becomes what a disk might hold then, and
 * the process ends with FRAIL_DISK_STATUS at once. What seed decides is left to chance. */
void frail_disk_begin(long operation, unsigned seed);

#define FRAIL_DISK_STATUS 77

#endif
