/**
 * The {@code attune} command. {@link dev.attune.cli.Main} collects the commands, one file each; flags of training come
 * from the schema in {@code dev.attune.train}, never from a list kept here. The only package that prints.
 *
 * <p>Results go to standard output, errors to standard error; {@link dev.attune.cli.Failures} turns every exception into
 * one sentence and an exit code. Whatever comes from data passes {@link dev.attune.cli.TerminalText} on its way to a
 * reader.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.cli;
