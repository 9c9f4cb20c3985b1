package dev.attune.model;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One kind of dropout of a family: what users call it, and where its config.json keeps the rate.
 *
 * @param name {@code hidden_dropout}, {@code attention_dropout} or {@code classifier_dropout}
 * @param configKeys all that the rate is written to; a family may have several places of one kind, each with its key
 * @param inForce the rate that a config gives
 */
record DropoutField(String name, List<String> configKeys, ToDoubleFunction<ModelConfig> inForce) {
    static final String HIDDEN = "hidden_dropout", ATTENTION = "attention_dropout", CLASSIFIER = "classifier_dropout";
}
