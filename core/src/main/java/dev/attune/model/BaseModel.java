package dev.attune.model;

/** A model without a head: hidden states. */
public interface BaseModel {
    ModelOutput forward(Tokens tokens);
}
