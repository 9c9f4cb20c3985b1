package dev.attune.data;

import java.util.List;

/**
 * The examples of a set.
 *
 * @param notes sentences for the user
 * @param fromCache whether they were made by an earlier run
 */
public record Encoded(Examples examples, List<String> notes, boolean fromCache) {}
