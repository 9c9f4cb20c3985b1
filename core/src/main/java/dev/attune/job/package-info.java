/**
 * What a command, a web page or a Java program calls: a {@link dev.attune.job.Recipe} says what to learn from which data,
 * {@link dev.attune.job.Job} carries it out from the first file read to the last file written.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.job;
