package dev.attune.generate;

/**
 * A beam with one token more.
 *
 * @param score of the whole text: logarithms of probabilities, added up
 */
record Candidate(int beam, int token, float score) {}
