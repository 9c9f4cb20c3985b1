package dev.attune.data;

/** The two parts that {@link Dataset#split} makes. */
public record Split(Dataset train, Dataset validation) {}
