/**
 * From annotated records to every surface. A record whose components carry {@link dev.attune.config.Argument} is the one
 * source of YAML keys, flags, defaults, ranges, JSON schema and reference page; {@link dev.attune.config.ArgumentSchema}
 * reads it. Values stay texts with their {@linkplain dev.attune.config.ArgumentPlace places} until all are known, so that
 * {@link dev.attune.config.Mistakes} can tell everything that is wrong at once. Nothing here knows what the keys are for.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.config;
