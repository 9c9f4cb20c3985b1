package dev.attune.hub;

import java.nio.file.Path;

/**
 * A model on disk.
 *
 * @param id the name it was asked for by, for reports and model cards
 * @param directory the folder that holds {@code config.json}, weights and tokenizer files
 */
public record ModelFiles(String id, Path directory) {}
