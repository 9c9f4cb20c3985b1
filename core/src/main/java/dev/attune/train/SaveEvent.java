package dev.attune.train;

import java.nio.file.Path;

/**
 * A checkpoint that was saved.
 *
 * @param step optimizer steps done
 * @param epoch epochs done, fractional
 * @param folder of the checkpoint
 */
public record SaveEvent(int step, double epoch, Path folder) {}
