package dev.attune.model;

/** What stands on a backbone. A family says in {@link Models} which heads it has; a new task adds a line here. */
public enum Head {
    /** None: hidden states. */
    BACKBONE,
    /** A score of each label for each sequence; {@link SequenceClassifier}. */
    SEQUENCE_CLASSIFICATION
}
