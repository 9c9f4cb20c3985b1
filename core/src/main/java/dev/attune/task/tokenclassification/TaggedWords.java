package dev.attune.task.tokenclassification;

import java.util.List;

/** A sentence: its words, and the tag of each. */
record TaggedWords(List<String> words, List<String> tags) {}
