/**
 * Files, one home for each way to treat them: {@link dev.attune.io.AtomicFiles} are there completely or not at all, {@link
 * dev.attune.io.MappedFile} shows a file of any size as memory, {@link dev.attune.io.Sha256} names a content, {@link
 * dev.attune.io.FileTree} removes a folder, {@link dev.attune.io.FileLocks} waits for other processes, {@link
 * dev.attune.io.SmallFile} reads whole what is not large.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.io;
