package dev.attune.task;

/** What a set of rows is for. */
public enum Part {
    TRAIN,
    VALIDATION,
    TEST
}
