/**
 * What can go wrong, and whose turn it is to mend it. Every failure a user can cause is one of these classes; each has
 * the exit code that the command line returns. Floor 0: any package may throw them.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.error;
