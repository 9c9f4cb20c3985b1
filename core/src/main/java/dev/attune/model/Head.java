package dev.attune.model;

/** What stands on a backbone. A family says in {@link Models} which heads it has; a new task adds a line here. */
public enum Head {
    /** None: hidden states, and what a pooler makes of them; {@link EncoderModel}. */
    BACKBONE,
    /** None, and no pooler either, which many checkpoints lack; {@link EncoderModel}. */
    HIDDEN_STATES,
    /** A score of each label for each sequence; {@link SequenceClassifier}. */
    SEQUENCE_CLASSIFICATION,
    /** A score of each label for each token; {@link TokenScorer}. */
    TOKEN_CLASSIFICATION,
    /** Two scores for each token: where an answer begins, and where it ends; {@link TokenScorer}. */
    QUESTION_ANSWERING,
    /** A score of each word of the vocabulary for each hidden token; {@link LanguageModel}. */
    MASKED_LM,
    /** A score of each word of the vocabulary for what comes after each token; {@link LanguageModel}. */
    CAUSAL_LM,
    /** The same, for a text that is written about another one; {@link EncoderDecoder}. */
    SEQUENCE_TO_SEQUENCE
}
