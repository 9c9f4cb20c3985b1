package dev.attune.train;

/**
 * An epoch that begins or ends; where a resumed run goes on in the middle of one, it begins there.
 *
 * @param epoch from 0
 * @param step optimizer steps done, those of earlier epochs too
 */
public record EpochEvent(int epoch, int step) {}
