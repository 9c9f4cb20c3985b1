/**
 * Files, one home for each way to treat them: {@link dev.attune.io.AtomicFiles} and {@link dev.attune.io.AtomicFolders} are there
 * completely or not at all, {@link dev.attune.io.MappedFile} shows a file of any size as memory, {@link dev.attune.io.Sha256} names
 * a content, {@link dev.attune.io.Checksum} tells damage, {@link dev.attune.io.FileTree} is a folder with all that is in it, {@link
 * dev.attune.io.FileLocks} waits for other processes, {@link dev.attune.io.SmallFile} reads whole what is not large.
 *
 * <p>And values as files and people write them: {@link dev.attune.io.JsonNumber}, {@link dev.attune.io.ByteSize}, {@link
 * dev.attune.io.TerminalText}.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.io;
