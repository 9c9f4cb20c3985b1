package dev.attune.task;

/**
 * What a row teaches.
 *
 * @param text all of it: rows with one text and two of these contradict each other
 * @param labels the labels in it, by their places in {@link CheckedRows#labels}; one that occurs twice stands there twice
 */
public record Learned(String text, int[] labels) {}
