package dev.attune.model;

/** A model without a head: hidden states. */
public interface EncoderModel {
    ModelOutput forward(Tokens tokens);
}
