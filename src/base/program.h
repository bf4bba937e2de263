/* Where the programs that belong together find each other. */
#ifndef EONAY_BASE_PROGRAM_H
#define EONAY_BASE_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

/* Path of the program named: beside the running one (the build tree, a private copy), else in the folder where it is
 * installed. False when neither can be executed; out then holds the installed path, for the message. */
bool program_find(const char *name, const char *installed_folder, char *out, size_t room);

#endif
